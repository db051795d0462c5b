namespace Shortline.Playground.Keys;

/// <summary>Maps keys to actions.</summary>
internal static class KeyMap
{
    /// <summary>The keys and their meanings, as the screen shows them.</summary>
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

/// <summary>The action of a key.</summary>
internal enum PlayAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Adds a server.</summary>
    Add,

    /// <summary>Drains the chosen server.</summary>
    Drain,

    /// <summary>Ends the chosen server as a crash would.</summary>
    Kill,

    /// <summary>Chooses the server or client above.</summary>
    Up,

    /// <summary>Chooses the server or client below.</summary>
    Down,

    /// <summary>Chooses the server or client ten lines above.</summary>
    PageUp,

    /// <summary>Chooses the server or client ten lines below.</summary>
    PageDown,

    /// <summary>Switches between choosing servers and choosing clients.</summary>
    SwitchList,

    /// <summary>Opens the prompt for a request of the chosen client.</summary>
    Request,

    /// <summary>Switches the chosen client between requests by hand and requests by itself.</summary>
    SwitchByHand,

    /// <summary>Raises the load by a quarter.</summary>
    MoreLoad,

    /// <summary>Lowers the load by a fifth, which undoes a raise.</summary>
    LessLoad,

    /// <summary>Switches to the other operation.</summary>
    SwitchOperation,

    /// <summary>Switches to the next algorithm.</summary>
    SwitchAlgorithm,

    /// <summary>Pauses or resumes the load.</summary>
    Pause,

    /// <summary>Ends the run.</summary>
    Quit,
}
