namespace Shortline.Playground;

/// <summary>What the loops of all clients go by. Written by one thread, read by all.</summary>
internal sealed class LoadControl(int clients)
{
    private double _rate = 1;
    private volatile PlayRequest[] _requests = [];
    private volatile bool _started;
    private volatile bool _paused;

    /// <summary>Requests a second of all clients together, if all make them by themselves. Above 0.</summary>
    public double Rate
    {
        get => Volatile.Read(ref _rate);
        set => Volatile.Write(ref _rate, value);
    }

    /// <summary>Requests a second of one client.</summary>
    public double RatePerClient => Rate / clients;

    /// <summary>Whether clients make requests by themselves.</summary>
    public bool Runs => Started && !Paused;

    /// <summary>Whether the run has begun and not ended.</summary>
    public bool Started
    {
        get => _started;
        set => _started = value;
    }

    /// <summary>Whether no new request is started.</summary>
    public bool Paused
    {
        get => _paused;
        set => _paused = value;
    }

    /// <summary>What the requests are from now on; a client takes them in turn.</summary>
    public void Use(IReadOnlyList<PlayRequest> requests) => _requests = [.. requests];

    /// <summary>The next request of a client, whose turn is given.</summary>
    public PlayRequest Next(ref uint turn)
    {
        var requests = _requests;
        return requests[unchecked(turn++) % requests.Length];
    }
}
