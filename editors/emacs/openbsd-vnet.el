;;; openbsd-vnet.el --- OpenBSD's pf.conf, vm.conf and hostname.if -*- lexical-binding: t; -*-

;; Author: openbsd-vnet
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1") (eglot "1.9"))
;; Keywords: languages, unix
;; URL: https://github.com/openbsd-vnet/openbsd-vnet
;; SPDX-License-Identifier: ISC

;;; Commentary:

;; Major modes for pf.conf with its anchors, vm.conf, hostname.if and policy
;; tests of OpenBSD hosts, with the language server `openbsd-vnet' behind
;; them: diagnostics in the words of pfctl, vmd and ifconfig, completion,
;; documentation, rename over all files of a host.
;;
;; The server is on the path once `npm install --global openbsd-vnet' has
;; run.  To have it started with each file:
;;
;;     (require 'openbsd-vnet)
;;     (add-hook 'openbsd-vnet-mode-hook #'eglot-ensure)
;;
;; `M-x openbsd-vnet-expand' shows what the host makes of a file: the ruleset
;; that pfctl loads, or the commands that netstart runs.
;; `M-x openbsd-vnet-plan' asks a host what a deployment would change there.

;;; Code:

(require 'conf-mode)
(require 'eglot)
(require 'jsonrpc)
(require 'url-util)

(defgroup openbsd-vnet nil
  "OpenBSD's files of virtual machines and their networks."
  :group 'languages)

(defcustom openbsd-vnet-command '("openbsd-vnet" "lsp" "--stdio")
  "The command that starts the language server."
  :type '(repeat string))

(defvar openbsd-vnet-mode-syntax-table
  (let ((table (make-syntax-table conf-unix-mode-syntax-table)))
    (modify-syntax-entry ?' "." table)
    table)
  "A quote within a comment or a description begins no string.")

(define-derived-mode openbsd-vnet-mode conf-unix-mode "OpenBSD"
  "What the modes of OpenBSD's files have in common."
  :syntax-table openbsd-vnet-mode-syntax-table)

;;;###autoload
(define-derived-mode openbsd-pf-mode openbsd-vnet-mode "pf"
  "Rules of OpenBSD's packet filter: pf.conf(5) and the files of its anchors.")

;;;###autoload
(define-derived-mode openbsd-vm-mode openbsd-vnet-mode "vm.conf"
  "Guests and switches of vmd(8): vm.conf(5).")

;;;###autoload
(define-derived-mode openbsd-hostname-mode openbsd-vnet-mode "hostname.if"
  "An interface of an OpenBSD host: hostname.if(5).")

;;;###autoload
(define-derived-mode openbsd-pftest-mode openbsd-vnet-mode "pftest"
  "Policy tests: who may reach whom.")

;; What is added last is looked at first.
;;;###autoload
(progn
  (add-to-list 'auto-mode-alist '("\\.pftest\\'" . openbsd-pftest-mode))
  (add-to-list 'auto-mode-alist
               '("/hostname\\.\\(?:[a-z]+[0-9]+\\|\\(?:[[:xdigit:]]\\{2\\}:\\)\\{5\\}[[:xdigit:]]\\{2\\}\\)\\'"
                 . openbsd-hostname-mode))
  (add-to-list 'auto-mode-alist '("/vm\\.\\(?:conf\\|d/[^/]+\\.conf\\)\\'" . openbsd-vm-mode))
  (add-to-list 'auto-mode-alist
               '("/\\(?:pf\\.conf\\|etc/pf\\.[^/]+\\|pf\\.[^/]+/\\(?:.*/\\)?[^/]+\\.conf\\)\\'" . openbsd-pf-mode))
  ;; What stands beside rules and is none.
  (add-to-list 'auto-mode-alist '("/pf\\.os\\'" . conf-unix-mode))
  (dolist (mode '(("md\\|markdown\\|txt\\|csv\\|log" . text-mode)
                  ("sh\\|ksh" . sh-mode)
                  ("awk" . awk-mode)
                  ("pl" . perl-mode)
                  ("py" . python-mode)
                  ("rb" . ruby-mode)
                  ("js\\|ts\\|json" . prog-mode)
                  ("html?\\|xml" . mhtml-mode)
                  ("ya?ml\\|toml" . conf-mode)
                  ("pdf\\|gz\\|tgz\\|zip\\|sig\\|sha256" . fundamental-mode)))
    (add-to-list 'auto-mode-alist (cons (format "/etc/pf\\.[^/]+\\.\\(?:%s\\)\\'" (car mode)) (cdr mode)))))

(dolist (language '("openbsd-pf" "openbsd-vm" "openbsd-hostname" "openbsd-pftest"))
  (add-to-list 'eglot-server-programs
               (cons (list (intern (concat language "-mode")) :language-id language)
                     (lambda (&rest _) openbsd-vnet-command))))

(defvar-local openbsd-vnet--source nil
  "The buffer of the file that this one is made of.")

(defvar-local openbsd-vnet--uri nil
  "What the server calls this document.")

(defvar openbsd-vnet-expanded-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "RET") #'openbsd-vnet-origin)
    map)
  "Keys of documents that are made of files.")

(define-derived-mode openbsd-vnet-expanded-mode special-mode "Expanded"
  "Mode for what the host makes of a file.
RET goes to the statement that a line comes from, g asks again."
  (setq-local revert-buffer-function #'openbsd-vnet--revert))

(defun openbsd-vnet--ask (source method params)
  "Ask the server of the buffer SOURCE by METHOD, with PARAMS."
  (with-current-buffer source
    (jsonrpc-request (eglot--current-server-or-lose) method params)))

(defun openbsd-vnet--revert (&rest _)
  "Have the server make the text of this buffer again."
  (let ((made (openbsd-vnet--ask openbsd-vnet--source :workspace/textDocumentContent (list :uri openbsd-vnet--uri)))
        (inhibit-read-only t)
        (line (line-number-at-pos)))
    (erase-buffer)
    (insert (plist-get made :text))
    (goto-char (point-min))
    (forward-line (1- line))))

(defun openbsd-vnet-origin ()
  "Go to the statement that this line comes from."
  (interactive)
  (let* ((place (openbsd-vnet--ask openbsd-vnet--source :textDocument/definition
                                   (list :textDocument (list :uri openbsd-vnet--uri)
                                         :position (list :line (1- (line-number-at-pos)) :character 0))))
         (found (and (> (length place) 0) (elt place 0))))
    (unless found (user-error "This line comes from no statement"))
    (find-file-other-window (url-unhex-string (string-remove-prefix "file://" (plist-get found :uri))))
    (goto-char (point-min))
    (forward-line (plist-get (plist-get (plist-get found :range) :start) :line))))

(defun openbsd-vnet--show (title query)
  "Show the document TITLE that the server makes of QUERY."
  (let ((source (current-buffer))
        (buffer (get-buffer-create (format "*%s*" title))))
    (with-current-buffer buffer
      (openbsd-vnet-expanded-mode)
      (setq openbsd-vnet--source source
            openbsd-vnet--uri (concat "openbsd-vnet:" (url-hexify-string title) "?" (url-hexify-string query)))
      (revert-buffer))
    (display-buffer buffer)))

;;;###autoload
(defun openbsd-vnet-expand ()
  "Show what becomes of this file on its host.
That is the ruleset that pfctl loads, or the commands that netstart runs."
  (interactive)
  (let ((file (or (buffer-file-name) (user-error "This buffer has no file"))))
    (openbsd-vnet--show (concat (file-name-nondirectory file) " expanded")
                        (concat "file://" (url-hexify-string file url-path-allowed-chars)))))

;;;###autoload
(defun openbsd-vnet-plan (host)
  "Ask HOST of openbsd-vnet.json what a deployment would change there."
  (interactive "sHost: ")
  (openbsd-vnet--show (concat "plan of " host) (concat "plan:" host)))

(provide 'openbsd-vnet)

;;; openbsd-vnet.el ends here
