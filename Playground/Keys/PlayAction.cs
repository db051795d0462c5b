namespace Shortline.Playground;

/// <summary>What a key does.</summary>
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

    /// <summary>Chooses the one below.</summary>
    Down,

    /// <summary>Chooses one ten lines above.</summary>
    PageUp,

    /// <summary>Chooses one ten lines below.</summary>
    PageDown,

    /// <summary>Chooses among the clients instead of the servers, or again among the servers.</summary>
    SwitchList,

    /// <summary>Asks for a request that the chosen client makes.</summary>
    Request,

    /// <summary>Lets the chosen client make requests by hand alone, or again by itself.</summary>
    SwitchByHand,

    /// <summary>A quarter more load.</summary>
    MoreLoad,

    /// <summary>A fifth less load: what a quarter more added.</summary>
    LessLoad,

    /// <summary>The other operation.</summary>
    SwitchOperation,

    /// <summary>The next algorithm.</summary>
    SwitchAlgorithm,

    /// <summary>Stops the load, or lets it go on.</summary>
    Pause,

    /// <summary>Ends the run.</summary>
    Quit,
}
