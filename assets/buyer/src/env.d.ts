/// <reference types="vite/client" />
declare module 'virtual:look.css';
