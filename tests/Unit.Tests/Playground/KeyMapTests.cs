using Shortline.Playground;

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
    [InlineData('q', PlayAction.Quit)]
    [InlineData('x', PlayAction.None)]
    public void A_letter_does_what_the_screen_says(char letter, object action) =>
        Assert.Equal(action, KeyMap.ActionOf(new ConsoleKeyInfo(letter, ConsoleKey.None, shift: false, alt: false, control: false)));

    [Fact]
    public void Every_key_on_the_screen_does_something() => Assert.All(
        KeyMap.Shown.SelectMany(shown => shown.Key.Where(letter => letter is not (' ' or '↑' or '↓'))),
        letter => Assert.NotEqual(PlayAction.None, KeyMap.ActionOf(new ConsoleKeyInfo(letter, ConsoleKey.None, false, false, false))));

    [Fact]
    public void Arrows_choose_a_server() => Assert.Equal(
        (PlayAction.Up, PlayAction.Down),
        (KeyMap.ActionOf(new ConsoleKeyInfo('\0', ConsoleKey.UpArrow, false, false, false)), KeyMap.ActionOf(new ConsoleKeyInfo('\0', ConsoleKey.DownArrow, false, false, false))));
}
