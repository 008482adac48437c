-- Prints which of our file types the plugin of editors/neovim gives to files, as lines of JSON.
--
--	FILES  paths, one a line; they need not exist
vim.g.openbsd_vnet_enable = false
vim.cmd("filetype on")
local ours = { pf = true, ["openbsd-vm"] = true, ["openbsd-hostname"] = true, ["openbsd-pftest"] = true }
for file in vim.env.FILES:gmatch("[^\n]+") do
	vim.cmd("edit " .. vim.fn.fnameescape(file))
	io.write(vim.json.encode({ filetype = ours[vim.bo.filetype] and vim.bo.filetype or vim.NIL }) .. "\n")
end
vim.cmd("qall!")
