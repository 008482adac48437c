-- Drives the plugin of editors/neovim as a person does, and prints what came back as one line of JSON for each question.
-- Works with Neovim 0.7 (Debian 12) and later.
--
--	FILE       the file to open
--	QUESTIONS  lines of "hover|completion LINE CHARACTER", from 0, "expand", "plan HOST", or "lens"
vim.cmd("filetype plugin on")
vim.cmd("edit " .. vim.fn.fnameescape(vim.env.FILE))
local buffer = vim.api.nvim_get_current_buf()

local function say(value)
	io.write(vim.json.encode(value) .. "\n")
end

local function client()
	local all = (vim.lsp.get_clients or vim.lsp.get_active_clients)()
	return all[1]
end

local found = vim.wait(20000, function()
	return #vim.diagnostic.get(buffer) > 0
end, 20)
local diagnostics = {}
for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
	table.insert(diagnostics, { line = diagnostic.lnum, message = diagnostic.message, source = diagnostic.source })
end
say({ filetype = vim.bo.filetype, commentstring = vim.bo.commentstring, diagnostics = diagnostics })

local function request(method, line, character)
	local params = {
		textDocument = vim.lsp.util.make_text_document_params(buffer),
		position = { line = line, character = character },
	}
	local answers = vim.lsp.buf_request_sync(buffer, method, params, 10000)
	for _, answer in pairs(answers or {}) do
		return answer.result
	end
end

--- The text of a made document that is in front, once it is there.
local function made()
	local document = vim.api.nvim_get_current_buf()
	local function text()
		return table.concat(vim.api.nvim_buf_get_lines(document, 0, -1, false), "\n")
	end
	vim.wait(20000, function()
		return text() ~= ""
	end, 20)
	return text()
end

for question in vim.env.QUESTIONS:gmatch("[^\n]+") do
	local kind, line, character = question:match("(%a+) ?(%w*) ?(%d*)")
	if kind == "lens" then
		local called = {}
		for _, lens in ipairs(request("textDocument/codeLens", 0, 0)) do
			local answers = vim.lsp.buf_request_sync(buffer, "codeLens/resolve", lens, 10000)
			for _, answer in pairs(answers or {}) do
				local command = answer.result.command
				local run = vim.lsp.commands[command.command]
				if command.command == "openbsdVnet.showReferences" then
					run(command, { client_id = client().id })
					table.insert(called, command.title .. ": line " .. vim.fn.getqflist()[1].lnum)
					vim.cmd("cclose")
				elseif run ~= nil then
					table.insert(called, command.title)
				end
			end
		end
		say({ lenses = called })
	elseif kind == "plan" then
		vim.cmd("OpenbsdVnetPlan " .. line)
		say({ plan = made() })
		vim.cmd("bwipeout")
	elseif kind == "expand" then
		vim.cmd("OpenbsdVnetExpand")
		local shown = made()
		vim.cmd("normal! G")
		vim.api.nvim_feedkeys("gd", "xt", false)
		vim.wait(10000, function()
			return vim.api.nvim_get_current_buf() == buffer
		end, 20)
		say({ expanded = shown, origin = vim.api.nvim_win_get_cursor(0)[1] - 1, back = vim.api.nvim_get_current_buf() == buffer })
	else
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
end

local server = client()
if server and vim.fn.has("nvim-0.11") == 1 then
	server:stop()
elseif server then
	vim.lsp.stop_client(server.id)
end
vim.cmd(found and "qall!" or "cquit")
