" The file types of OpenBSD's files, by name and place as the language server tells them. Vim's own name for pf.conf is kept.

function! s:Detect() abort
	" Vim takes hostname.em0.bak for hostname.em0; the buffer has the whole name.
	let path = substitute(fnamemodify(bufname(str2nr(expand('<abuf>'))), ':p'), '\\', '/', 'g')
	let name = fnamemodify(path, ':t')
	if name =~# '\.pftest$'
		set filetype=openbsd-pftest
	elseif name ==# 'vm.conf' || path =~# '/vm\.d/[^/]\+\.conf$'
		set filetype=openbsd-vm
	elseif name =~# '^hostname\.\l\+\d\+$' || name =~? '^hostname\.\(\x\x:\)\{5}\x\x$'
		set filetype=openbsd-hostname
	elseif name ==# 'pf.conf' || path =~# '/pf\.[^/]\+/.*\.conf$'
		set filetype=pf
	elseif path =~# '/etc/pf\.[^/]\+$' && name !=# 'pf.os'
		\ && name !~# '\.\(md\|markdown\|txt\|html\?\|pdf\|sh\|ksh\|awk\|pl\|py\|rb\|js\|ts\|json\|ya\?ml\|xml\|toml\|csv\|log\|gz\|tgz\|zip\|sig\|sha256\)$'
		set filetype=pf
	endif
endfunction

autocmd BufNewFile,BufRead *.pftest,vm.conf,*/vm.d/*.conf,hostname.*,pf.conf,*/pf.*/*.conf,*/etc/pf.* call s:Detect()
