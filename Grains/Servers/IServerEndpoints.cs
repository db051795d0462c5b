namespace Shortline.Grains.Servers;

/// <summary>The ports on which clients talk directly to the servers of this silo.</summary>
internal interface IServerEndpoints
{
    /// <summary>Opens the port of a server that has started. The server's turn calls it, so it returns at once.</summary>
    /// <param name="pool">The server's pool.</param>
    /// <param name="id">The server's id.</param>
    /// <param name="incarnation">Its incarnation.</param>
    /// <param name="clientsChanged">Called when <see cref="RestingClients"/> has changed, from any thread.</param>
    /// <returns>The address and port; port 0 if the server has no port of its own.</returns>
    (string Host, int Port) Open(string pool, string id, long incarnation, Action clientsChanged);

    /// <summary>The number of clients that are connected to a server's port and have no request there.</summary>
    int RestingClients(string id, long incarnation);

    /// <summary>Closes the port of a server that has ended, after its last answers are sent.</summary>
    void Close(string pool, string id, long incarnation);

    /// <summary>Waits until the ports of all ended servers are closed.</summary>
    Task WaitUntilClosed(CancellationToken cancellationToken);
}

/// <summary>Gives servers no ports of their own, for hosts without a network.</summary>
internal sealed class NoServerEndpoints : IServerEndpoints
{
    public (string Host, int Port) Open(string pool, string id, long incarnation, Action clientsChanged) => ("", 0);

    public int RestingClients(string id, long incarnation) => 0;

    public void Close(string pool, string id, long incarnation)
    {
    }

    public Task WaitUntilClosed(CancellationToken cancellationToken) => Task.CompletedTask;
}
