;; Prints which of our modes the package of editors/emacs gives to files, as lines of JSON.
;;
;; PACKAGE  the package's file
;; FILES    paths, one a line; they need not exist
(require 'json)
;; Emacs before 29 has eglot as a package.
(require 'package)
(package-initialize)
(load (getenv "PACKAGE"))

(dolist (file (split-string (getenv "FILES") "\n" t))
  (let ((mode (assoc-default file auto-mode-alist #'string-match)))
    (princ (concat (json-encode `((mode . ,(and (symbolp mode)
                                                (string-prefix-p "openbsd-" (symbol-name mode))
                                                (symbol-name mode)))))
                   "\n"))))
