/**
 * A lint rule of ours: business time comes from the injected clock (DESIGN, "One clock"). `Date.now()`, `new Date()`
 * without an argument and SQL's `now()` read the machine's time behind its back.
 */
const message = 'Business time comes from the injected Clock (domain/clock.ts): this reads the machine’s time.';
const sqlTime = /\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp)\(\)|\bcurrent_(?:timestamp|date|time)\b/i;

const rule = {
  create(context) {
    const report = (node) => context.report({ node, message });
    const isDate = (node) => node.type === 'Identifier' && node.name === 'Date';
    return {
      NewExpression(node) {
        if (isDate(node.callee) && node.arguments.length === 0) report(node);
      },
      CallExpression(node) {
        const { callee } = node;
        if (isDate(callee)) report(node);
        if (callee.type === 'MemberExpression' && isDate(callee.object) && callee.property.name === 'now') report(node);
      },
      Literal(node) {
        if (typeof node.value === 'string' && sqlTime.test(node.value)) report(node);
      },
      TemplateElement(node) {
        if (sqlTime.test(node.value.raw)) report(node);
      },
    };
  },
};

export default { meta: { name: 'kontor' }, rules: { 'no-ambient-time': rule } };
