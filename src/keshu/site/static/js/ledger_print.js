// A ledger on paper: the dialog opens by itself once everything is there, and again by the button.
const print = () => window.print();
document.querySelector("[data-print-now]").addEventListener("click", print);
if (document.readyState === "complete") print();
else window.addEventListener("load", print);
