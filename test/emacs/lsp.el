;; Opens files with the package of editors/emacs in Emacs, and prints what the server said as lines of JSON.
;;
;;	emacs --batch -l test/emacs/lsp.el
;;
;; PACKAGE  the package's file
;; FILES    the files to open, one a line
;; HOVER    "LINE COLUMN" of a word in the last of them, from 1 and 0
(require 'json)
;; Emacs before 29 has eglot as a package.
(require 'package)
(package-initialize)
(load (getenv "PACKAGE"))
(require 'eglot)
(require 'flymake)
(setq eglot-sync-connect t
      flymake-no-changes-timeout 0.1
      eglot-autoshutdown t)

(defun say (value)
  (princ (concat (json-encode value) "\n")))

(dolist (file (split-string (getenv "FILES") "\n" t))
  (find-file file)
  (apply #'eglot (eglot--guess-contact))
  (flymake-mode 1)
  (with-timeout (20 nil)
    (while (not (flymake-diagnostics))
      (flymake-start)
      (accept-process-output nil 0.05)))
  (say `((mode . ,(symbol-name major-mode))
         (diagnostics . ,(vconcat (mapcar (lambda (one)
                                            `((line . ,(line-number-at-pos (flymake-diagnostic-beg one)))
                                              (text . ,(flymake-diagnostic-text one))))
                                          (flymake-diagnostics)))))))

(let ((place (mapcar #'string-to-number (split-string (getenv "HOVER")))))
  (goto-char (point-min))
  (forward-line (1- (car place)))
  (move-to-column (cadr place))
  (let* ((server (eglot-current-server))
         (hover (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams)))
         (completion (jsonrpc-request server :textDocument/completion (eglot--TextDocumentPositionParams)))
         (items (if (vectorp completion) completion (plist-get completion :items))))
    (say `((hover . ,(format "%s" (plist-get (plist-get hover :contents) :value)))))
    (say `((completion . ,(vconcat (mapcar (lambda (item) (plist-get item :label)) items)))))
    (openbsd-vnet-expand)
    (with-current-buffer (format "*%s expanded*" (file-name-nondirectory (buffer-file-name)))
      (goto-char (point-max))
      (forward-line -1)
      (let ((text (buffer-string)))
        (openbsd-vnet-origin)
        (say `((expanded . ,text)
               (origin . ,(line-number-at-pos))
               (file . ,(buffer-file-name))))))
    (eglot-shutdown server)))
