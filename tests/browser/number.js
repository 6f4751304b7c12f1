// Numbers of nobody, for people whom the checks make up.

/** A citizen ID of nobody: division 990000, born on that day. */
export function citizenId(birth, serial) {
  const body = `990000${birth.replaceAll("-", "")}${String(serial).padStart(3, "0")}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = [...body].reduce((total, digit, at) => total + Number(digit) * weights[at], 0);
  return body + "10X98765432"[sum % 11];
}
