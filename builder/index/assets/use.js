// How to use the cache: where it is, and copying what is shown.

const place = whereAmI()
for (const span of document.querySelectorAll('.place')) {
  const url = place + (span.dataset.query ?? '')
  span.textContent = span.closest('.shell') ? shell(url) : url
}
tellRoots()
for (const block of document.querySelectorAll('pre')) addCopy(block)

// whereAmI returns the address of the cache as a substituter.
function whereAmI() {
  const { protocol, host, pathname } = location
  if (!['http:', 'https:', 'file:'].includes(protocol)) return document.querySelector('.place').textContent
  return `${protocol}//${host}${pathname.replace(/\/[^/]*$/, '')}`
}

// tellRoots puts the place into the commands for the roots. nix-build wants a
// directory; a list can be fetched.
function tellRoots() {
  const isLocal = location.protocol === 'file:'
  if (isLocal) {
    const directory = decodeURIComponent(place.slice('file://'.length))
    for (const span of document.querySelectorAll('.directory')) span.textContent = shell(directory)
  } else {
    for (const span of document.querySelectorAll('.list')) span.textContent = `curl --silent ${shell(`${place}/roots`)}`
  }
  for (const part of document.querySelectorAll('.local')) part.hidden = !isLocal
}

// shell quotes a word for the shell, if need be.
function shell(word) {
  return /^[\w./:=@%+,~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

// addCopy puts a button beside the code in a block.
function addCopy(block) {
  const button = element('button', { type: 'button', className: 'copy' }, 'Copy')
  const told = element('span', { className: 'unseen', role: 'status' })
  button.onclick = async () => {
    await copy(block.firstChild)
    button.textContent = told.textContent = 'Copied'
    setTimeout(() => {
      button.textContent = 'Copy'
      told.textContent = ''
    }, 2000)
  }
  block.append(button, told)
}

// copy has to do without the clipboard API on plain HTTP.
async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent)
  } catch {
    getSelection().selectAllChildren(code)
    document.execCommand('copy')
  }
}
