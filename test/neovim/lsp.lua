-- Drives `openbsd-vnet lsp --stdio` as an editor does, and prints what came back as one line of JSON for each question.
-- Works with Neovim 0.7 (Debian 12), which has no vim.lsp.start.
--
--	FILE, LANGUAGE  the file to open and its language
--	NODE, LAUNCHER  the server's command
--	ROOT            the workspace's folder
--	QUESTIONS       lines of "hover|completion LINE CHARACTER", from 0
local file, language = vim.env.FILE, vim.env.LANGUAGE

vim.cmd("edit " .. vim.fn.fnameescape(file))
local client = vim.lsp.start_client({
	name = "openbsd-vnet",
	cmd = { vim.env.NODE, vim.env.LAUNCHER, "lsp", "--stdio" },
	root_dir = vim.env.ROOT,
	get_language_id = function()
		return language
	end,
})
if client == nil then
	vim.cmd("cquit")
end
vim.lsp.buf_attach_client(0, client)

local function say(value)
	io.write(vim.json.encode(value) .. "\n")
end

local found = vim.wait(15000, function()
	return #vim.diagnostic.get(0) > 0
end, 20)
local diagnostics = {}
for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
	table.insert(diagnostics, { line = diagnostic.lnum, message = diagnostic.message, source = diagnostic.source })
end
say({ diagnostics = diagnostics })

local function request(method, line, character)
	local params = {
		textDocument = vim.lsp.util.make_text_document_params(0),
		position = { line = line, character = character },
	}
	local answers = vim.lsp.buf_request_sync(0, method, params, 10000)
	return answers and answers[client] and answers[client].result
end

for kind, line, character in vim.env.QUESTIONS:gmatch("(%a+) (%d+) (%d+)") do
	local result = request("textDocument/" .. kind, tonumber(line), tonumber(character))
	if kind == "hover" then
		say({ hover = result and result.contents and result.contents.value or "" })
	else
		local labels = {}
		for _, item in ipairs(result and result.items or {}) do
			table.insert(labels, item.label)
		end
		say({ completion = labels })
	end
end

vim.lsp.stop_client(client)
vim.cmd(found and "qall!" or "cquit")
