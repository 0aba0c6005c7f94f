// The browser's half of genmodels/ui/follow.py: press the link as the visitor would.

export default ({ data }) => {
  const follow = () => {
    const link = document.querySelector(`.st-key-${data.key} a`);
    if (link) link.click();
    else requestAnimationFrame(follow); // it is drawn just before this
  };
  follow();
};
