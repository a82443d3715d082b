// The commands of the page: the address of the cache, and buttons to copy them.

const cacheAddress = cacheURL()
for (const span of document.querySelectorAll('.cache-address')) {
  const url = cacheAddress + (span.dataset.query ?? '')
  span.textContent = span.closest('.shell') ? shell(url) : url
}
fillRootCommands()
for (const block of document.querySelectorAll('pre')) addCopy(block)

// cacheURL returns the address of the cache as a substituter.
function cacheURL() {
  const { protocol, host, pathname } = location
  if (!['http:', 'https:', 'file:'].includes(protocol)) return document.querySelector('.cache-address').textContent
  return `${protocol}//${host}${pathname.replace(/\/[^/]*$/, '')}`
}

// fillRootCommands sets the address in the commands for the roots. nix-build needs
// a directory; the list of roots can be fetched from a server.
function fillRootCommands() {
  const isLocal = location.protocol === 'file:'
  if (isLocal) {
    const directory = decodeURIComponent(cacheAddress.slice('file://'.length))
    for (const span of document.querySelectorAll('.directory')) span.textContent = shell(directory)
  } else {
    for (const span of document.querySelectorAll('.root-list')) span.textContent = `curl --silent ${shell(`${cacheAddress}/roots`)}`
  }
  for (const part of document.querySelectorAll('.local')) part.hidden = !isLocal
}

// shell quotes a word for the shell if necessary.
function shell(word) {
  return /^[\w./:=@%+,~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

// addCopy adds a copy button to a block of code.
function addCopy(block) {
  const button = element('button', { type: 'button', className: 'copy' }, 'Copy')
  const statusText = element('span', { className: 'visually-hidden', role: 'status' })
  button.onclick = async () => {
    await copy(block.firstChild)
    button.textContent = statusText.textContent = 'Copied'
    setTimeout(() => {
      button.textContent = 'Copy'
      statusText.textContent = ''
    }, 2000)
  }
  block.append(button, statusText)
}

// copy works without the clipboard API, too, which plain HTTP does not have.
async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent)
  } catch {
    getSelection().selectAllChildren(code)
    document.execCommand('copy')
  }
}
