// What is kept in this browser: one object in an IndexedDB, which takes typed arrays as they are.

const within = (mode, action) =>
  new Promise((resolve, reject) => {
    const opened = indexedDB.open('gestures', 1);
    opened.onupgradeneeded = () => opened.result.createObjectStore('kept');
    opened.onerror = () => reject(opened.error);
    opened.onsuccess = () => {
      const transaction = opened.result.transaction('kept', mode);
      const request = action(transaction.objectStore('kept'));
      transaction.oncomplete = () => {
        opened.result.close();
        resolve(request.result);
      };
      transaction.onerror = () => reject(transaction.error);
    };
  });

export const read = () => within('readonly', (store) => store.get('all'));
export const write = (all) => within('readwrite', (store) => store.put(all, 'all'));
export const forget = () => within('readwrite', (store) => store.delete('all'));
