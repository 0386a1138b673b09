export { ServiceRetimingDialog } from './ServiceRetimingDialog.tsx';
