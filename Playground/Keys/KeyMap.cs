namespace Shortline.Playground;

/// <summary>Which key does what.</summary>
internal static class KeyMap
{
    /// <summary>The keys as the screen shows them, with what they do.</summary>
    public static IReadOnlyList<(string Key, string Meaning)> Shown { get; } =
    [
        ("↑↓", "choose"),
        ("Tab", "servers or clients"),
        ("a", "add"),
        ("d", "drain"),
        ("k", "kill"),
        ("r", "request"),
        ("m", "by hand"),
        ("+ -", "load"),
        ("p", "pause"),
        ("o", "operation"),
        ("g", "algorithm"),
        ("q", "quit"),
    ];

    public static PlayAction ActionOf(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.UpArrow => PlayAction.Up,
        ConsoleKey.DownArrow => PlayAction.Down,
        ConsoleKey.PageUp => PlayAction.PageUp,
        ConsoleKey.PageDown => PlayAction.PageDown,
        ConsoleKey.Tab => PlayAction.SwitchList,
        ConsoleKey.Escape => PlayAction.Quit,
        _ => ActionOf(key.KeyChar),
    };

    private static PlayAction ActionOf(char key) => char.ToLowerInvariant(key) switch
    {
        'a' => PlayAction.Add,
        'd' => PlayAction.Drain,
        'k' => PlayAction.Kill,
        '+' or '=' => PlayAction.MoreLoad, // the same key without shift on many keyboards
        '-' or '_' => PlayAction.LessLoad,
        'r' => PlayAction.Request,
        'm' => PlayAction.SwitchByHand,
        'p' or ' ' => PlayAction.Pause,
        'o' => PlayAction.SwitchOperation,
        'g' => PlayAction.SwitchAlgorithm,
        'q' => PlayAction.Quit,
        _ => PlayAction.None,
    };
}
