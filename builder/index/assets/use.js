// How to use the cache: where it is, and copying what is shown.

const place = whereAmI()
for (const span of document.querySelectorAll('.place')) {
  span.textContent = span.closest('#options') ? shell(place) : place
}
for (const block of document.querySelectorAll('pre')) addCopy(block)

// whereAmI returns the address of the cache as a substituter.
function whereAmI() {
  const { protocol, host, pathname } = location
  if (!['http:', 'https:', 'file:'].includes(protocol)) return document.querySelector('.place').textContent
  return `${protocol}//${host}${pathname.replace(/\/[^/]*$/, '')}`
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
