using Shortline.Client.Tool.Load;

namespace Shortline.Playground.Clients;

/// <summary>The load that the playground shows and changes.</summary>
internal interface ILoad
{
    /// <summary>The figures so far.</summary>
    LoadProgress Snapshot();

    /// <summary>The number of clients. Members take the position of a client, from 0.</summary>
    int Clients { get; }

    /// <summary>Requests a second of all clients together if all send by themselves.</summary>
    double Rate { get; set; }

    /// <summary>Requests a second of the clients that send by themselves now.</summary>
    double Sending { get; }

    /// <summary>Whether no client sends requests by itself.</summary>
    bool Paused { get; set; }

    /// <summary>The operation that the clients request.</summary>
    Operation Operation { get; set; }

    /// <summary>The rows of some clients.</summary>
    IReadOnlyList<ClientRow> Rows(int first, int most);

    /// <summary>Switches a client between requests by hand and requests by itself.</summary>
    /// <returns>Whether the client sends only by hand now.</returns>
    bool SwitchByHand(int client);

    /// <summary>Sends a request by hand.</summary>
    /// <returns>The outcome as text.</returns>
    Task<string> Send(int client, PlayRequest request);
}

/// <summary>The operation that the clients request.</summary>
internal enum Operation
{
    /// <summary>Keeps a worker busy for a random time, so that queues form.</summary>
    Compute,

    /// <summary>Answers at once, which shows the cost of the balancer itself.</summary>
    Echo,
}
