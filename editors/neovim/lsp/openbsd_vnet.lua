--- The language server of OpenBSD's pf.conf, vm.conf, hostname.if and policy tests.
--- It is on the path once `npm install --global openbsd-vnet` has run.
---@type vim.lsp.Config
return {
	cmd = { "openbsd-vnet", "lsp", "--stdio" },
	filetypes = { "pf", "openbsd-vm", "openbsd-hostname", "openbsd-pftest" },
	root_markers = { "openbsd-vnet.json", ".git" },
	-- Vim calls pf.conf pf.
	get_language_id = function(_, filetype)
		return filetype == "pf" and "openbsd-pf" or filetype
	end,
	settings = { openbsdVnet = { release = "newest" } },
}
