namespace Shortline.Playground;

/// <summary>The load, as the playground sees and changes it.</summary>
internal interface ILoad
{
    /// <summary>The figures so far.</summary>
    LoadProgress Snapshot();

    /// <summary>Requests a second of all clients together.</summary>
    double Rate { get; set; }

    /// <summary>Whether no new request is started.</summary>
    bool Paused { get; set; }

    /// <summary>What the requests ask for.</summary>
    Operation Operation { get; set; }
}
