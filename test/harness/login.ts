/** What servers of tests ask for; the hash (bcrypt) is what their files of users hold. */
export const login = {
  user: 'warroom',
  password: 'hidden',
  hash: '$2b$04$abcdefghijklmnopqrstuuhZyWRsG7iAMo6rVsDQ6k6wZoOR22OE2',
};
