namespace Shortline.Playground.Clients;

/// <summary>Rate, mode and requests that all clients follow. One thread writes, all read.</summary>
internal sealed class LoadControl(int clients)
{
    private double _rate = 1;
    private volatile PlayRequest[] _requests = [];
    private volatile bool _started;
    private volatile bool _paused;

    /// <summary>Requests a second of all clients together if all send by themselves. Above 0.</summary>
    public double Rate
    {
        get => Volatile.Read(ref _rate);
        set => Volatile.Write(ref _rate, value);
    }

    /// <summary>Requests a second of one client.</summary>
    public double RatePerClient => Rate / clients;

    /// <summary>Whether clients send requests by themselves.</summary>
    public bool Runs => Started && !Paused;

    /// <summary>Whether the run has started and not ended.</summary>
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

    /// <summary>Sets the requests from now on. Each client sends them one after the other.</summary>
    public void Use(IReadOnlyList<PlayRequest> requests) => _requests = [.. requests];

    /// <summary>The next request of a client.</summary>
    /// <param name="position">The client's position in the list; counted up.</param>
    public PlayRequest Next(ref uint position)
    {
        var requests = _requests;
        return requests[unchecked(position++) % requests.Length];
    }
}
