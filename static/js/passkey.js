// Passkeys: the buttons show where the browser knows them; a failure is said in words.

for (const button of document.querySelectorAll("[data-passkey]")) {
  button.hidden = !window.PublicKeyCredential;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const error = document.getElementById("passkey-error");
  if (error) error.hidden = false;
});
