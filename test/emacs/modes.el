;; Prints which of our modes the lines of docs/editors.md give to files, as lines of JSON.
;;
;; CONFIG  a file with those lines
;; FILES   paths, one a line; they need not exist
(require 'json)
(load (getenv "CONFIG"))

(dolist (file (split-string (getenv "FILES") "\n" t))
  (let ((mode (assoc-default file auto-mode-alist #'string-match)))
    (princ (concat (json-encode `((mode . ,(and (symbolp mode)
                                                (string-prefix-p "openbsd-" (symbol-name mode))
                                                (symbol-name mode)))))
                   "\n"))))
