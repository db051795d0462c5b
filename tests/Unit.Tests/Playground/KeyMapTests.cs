using Shortline.Playground.Keys;

namespace Shortline.Unit.Tests.Playground;

public sealed class KeyMapTests
{
    [Theory]
    [InlineData('a', PlayAction.Add)]
    [InlineData('D', PlayAction.Drain)]
    [InlineData('k', PlayAction.Kill)]
    [InlineData('+', PlayAction.MoreLoad)]
    [InlineData('=', PlayAction.MoreLoad)]
    [InlineData('-', PlayAction.LessLoad)]
    [InlineData('p', PlayAction.Pause)]
    [InlineData('o', PlayAction.SwitchOperation)]
    [InlineData('g', PlayAction.SwitchAlgorithm)]
    [InlineData('r', PlayAction.Request)]
    [InlineData('m', PlayAction.SwitchByHand)]
    [InlineData('q', PlayAction.Quit)]
    [InlineData('x', PlayAction.None)]
    public void A_letter_key_has_the_action_that_the_screen_shows(char letter, object action) =>
        Assert.Equal(action, KeyMap.ActionOf(new ConsoleKeyInfo(letter, ConsoleKey.None, shift: false, alt: false, control: false)));

    [Fact]
    public void Every_key_on_the_screen_has_an_action() => Assert.All(
        KeyMap.Shown.Where(shown => shown.Key != "Tab").SelectMany(shown => shown.Key.Where(letter => letter is not (' ' or '↑' or '↓'))),
        letter => Assert.NotEqual(PlayAction.None, KeyMap.ActionOf(new ConsoleKeyInfo(letter, ConsoleKey.None, false, false, false))));

    [Theory]
    [InlineData(ConsoleKey.UpArrow, PlayAction.Up)]
    [InlineData(ConsoleKey.DownArrow, PlayAction.Down)]
    [InlineData(ConsoleKey.PageUp, PlayAction.PageUp)]
    [InlineData(ConsoleKey.PageDown, PlayAction.PageDown)]
    [InlineData(ConsoleKey.Tab, PlayAction.SwitchList)]
    [InlineData(ConsoleKey.Escape, PlayAction.Quit)]
    public void Control_keys_have_actions(ConsoleKey key, object action) =>
        Assert.Equal(action, KeyMap.ActionOf(new ConsoleKeyInfo('\0', key, false, false, false)));
}
