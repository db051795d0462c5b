namespace Shortline.Playground;

/// <summary>The load, as the playground sees and changes it.</summary>
internal interface ILoad
{
    /// <summary>The figures so far.</summary>
    LoadProgress Snapshot();

    /// <summary>Clients. They are numbered from 0.</summary>
    int Clients { get; }

    /// <summary>Requests a second of all clients together, if all make them by themselves.</summary>
    double Rate { get; set; }

    /// <summary>Requests a second of those that do.</summary>
    double Sending { get; }

    /// <summary>Whether no client makes requests by itself.</summary>
    bool Paused { get; set; }

    /// <summary>What the requests ask for.</summary>
    Operation Operation { get; set; }

    /// <summary>Some of the clients.</summary>
    IReadOnlyList<ClientRow> Rows(int first, int most);

    /// <summary>Lets a client make requests by hand, or again by itself. Whether it is by hand now.</summary>
    bool SwitchByHand(int client);

    /// <summary>Makes a request by hand.</summary>
    /// <returns>What became of it, in words.</returns>
    Task<string> Send(int client, PlayRequest request);
}
