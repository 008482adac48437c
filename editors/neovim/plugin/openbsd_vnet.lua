--- Starts the language server for its files, and shows what the host makes of one: the ruleset that pfctl loads, the commands
--- that netstart runs. `vim.g.openbsd_vnet_enable = false` leaves the start to others.
if vim.g.loaded_openbsd_vnet then
	return
end
vim.g.loaded_openbsd_vnet = true

local name = "openbsd_vnet"
--- What the server makes of files is in documents of this scheme: `openbsd-vnet://TITLE?FILE`.
local scheme = "openbsd-vnet://"

local function config()
	return dofile(vim.api.nvim_get_runtime_file("lsp/" .. name .. ".lua", false)[1])
end

local filetypes = config().filetypes

vim.api.nvim_create_autocmd("FileType", {
	pattern = filetypes,
	callback = function()
		vim.bo.commentstring = "# %s"
		vim.bo.comments = ":#"
	end,
})

--- The folder that the server is told of; the file's own where none of the markers is above it.
local function root_of(file, markers)
	for _, marker in ipairs(markers) do
		local found = vim.fn.findfile(marker, vim.fn.fnamemodify(file, ":p:h") .. ";")
		if found == "" then
			found = vim.fn.finddir(marker, vim.fn.fnamemodify(file, ":p:h") .. ";")
		end
		if found ~= "" then
			return vim.fn.fnamemodify(vim.fn.fnamemodify(found, ":p"):gsub("/$", ""), ":h")
		end
	end
	return vim.fn.fnamemodify(file, ":p:h")
end

--- What Neovim before 0.11 does in place of `vim.lsp.enable`.
local clients = {}
local function start(file)
	local wanted = config()
	wanted.name = name
	wanted.root_dir = root_of(file, wanted.root_markers)
	if vim.lsp.start then
		vim.lsp.start(wanted)
		return
	end
	clients[wanted.root_dir] = clients[wanted.root_dir] or vim.lsp.start_client(wanted)
	vim.lsp.buf_attach_client(0, clients[wanted.root_dir])
end

if vim.g.openbsd_vnet_enable ~= false then
	if vim.lsp.enable then
		vim.lsp.enable(name)
	else
		vim.api.nvim_create_autocmd("FileType", {
			pattern = filetypes,
			callback = function(event)
				if not vim.startswith(event.file, scheme) then
					start(event.file)
				end
			end,
		})
	end
end

--- The client of the server that serves a buffer, or any of them.
local function client_of(buffer)
	local all = (vim.lsp.get_clients or vim.lsp.get_active_clients)()
	local found
	for _, client in pairs(all) do
		if client.name == name then
			found = found or client
			if client.attached_buffers == nil or client.attached_buffers[buffer] then
				return client
			end
		end
	end
	return found
end

--- Asks the server, whatever it is called in this version.
local function request(client, method, params, handler)
	if vim.fn.has("nvim-0.11") == 1 then
		return client:request(method, params, handler)
	end
	return client.request(method, params, handler)
end

local function encoded(uri)
	return (uri:gsub("[^%w%-._~]", function(char)
		return ("%%%02X"):format(char:byte())
	end))
end

--- Shows a made document in a buffer, and keeps it as the server makes it.
local function fill(buffer, client)
	local uri = vim.api.nvim_buf_get_name(buffer)
	request(client, "workspace/textDocumentContent", { uri = uri }, function(error, made)
		if not vim.api.nvim_buf_is_valid(buffer) then
			return
		end
		local text = error and ("# " .. error.message .. "\n") or made.text
		vim.bo[buffer].modifiable = true
		vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(text:gsub("\n$", ""), "\n"))
		vim.bo[buffer].modifiable = false
		vim.bo[buffer].modified = false
	end)
end

--- Goes to the statement that a line of a made document comes from.
local function origin(buffer, client)
	local line = vim.api.nvim_win_get_cursor(0)[1] - 1
	local params = {
		textDocument = { uri = vim.api.nvim_buf_get_name(buffer) },
		position = { line = line, character = 0 },
	}
	request(client, "textDocument/definition", params, function(_, found)
		local place = found and found[1]
		if place then
			vim.cmd("edit " .. vim.fn.fnameescape(vim.uri_to_fname(place.uri)))
			vim.api.nvim_win_set_cursor(0, { place.range.start.line + 1, place.range.start.character })
		end
	end)
end

--- A buffer beside the others for a made document.
--- @param title what people read
--- @param query what the document is made of
local function open(title, query, syntax)
	vim.cmd("vertical new")
	local buffer = vim.api.nvim_get_current_buf()
	vim.api.nvim_buf_set_name(buffer, scheme .. encoded(title) .. "?" .. encoded(query))
	vim.bo[buffer].buftype = "nofile"
	vim.bo[buffer].bufhidden = "wipe"
	vim.bo[buffer].swapfile = false
	-- Its syntax alone: the server serves the file that it is made of.
	vim.bo[buffer].syntax = syntax
	return buffer
end

--- The client that serves this buffer; none, and a word about it, where it does not run.
local function serving()
	local client = client_of(vim.api.nvim_get_current_buf())
	if client == nil then
		vim.notify("openbsd-vnet does not run for this file", vim.log.levels.WARN)
	end
	return client
end

vim.api.nvim_create_user_command("OpenbsdVnetExpand", function()
	local source = vim.api.nvim_get_current_buf()
	local client = serving()
	if client == nil then
		return
	end
	local title = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(source), ":t")
	local buffer = open(title, vim.uri_from_bufnr(source), vim.bo[source].filetype == "pf" and "pf" or "sh")
	vim.keymap.set("n", "gd", function()
		origin(buffer, client)
	end, { buffer = buffer, desc = "Go to the statement that this line comes from" })
	fill(buffer, client)
	local group = vim.api.nvim_create_augroup("openbsd_vnet_" .. buffer, {})
	vim.api.nvim_create_autocmd({ "TextChanged", "InsertLeave" }, {
		group = group,
		buffer = source,
		callback = function()
			fill(buffer, client)
		end,
	})
	vim.api.nvim_create_autocmd("BufWipeout", {
		group = group,
		buffer = buffer,
		callback = function()
			vim.api.nvim_del_augroup_by_id(group)
		end,
	})
end, { desc = "Show the ruleset that pfctl loads, or the commands that netstart runs" })

-- What the lenses of the server call.
vim.lsp.commands["openbsdVnet.showExpanded"] = function()
	vim.cmd("OpenbsdVnetExpand")
end
vim.lsp.commands["openbsdVnet.showReferences"] = function(command, context)
	local client = vim.lsp.get_client_by_id(context.client_id)
	local items = vim.lsp.util.locations_to_items(command.arguments[3], client and client.offset_encoding or "utf-16")
	vim.fn.setqflist({}, " ", { title = command.title, items = items })
	vim.cmd("botright copen")
end

vim.api.nvim_create_user_command("OpenbsdVnetPlan", function(given)
	local client = serving()
	if client ~= nil then
		fill(open("plan of " .. given.args, "plan:" .. given.args, "diff"), client)
	end
end, { nargs = 1, desc = "Ask a host of openbsd-vnet.json what a deployment would change" })
