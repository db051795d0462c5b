namespace Shortline.Grains;

/// <summary>The ports on which clients talk to the servers of this silo directly.</summary>
internal interface IServerEndpoints
{
    /// <summary>A server has started: opens its port. Called on the server's turn, so it returns at once.</summary>
    /// <returns>Where it listens; port 0 if it has no port of its own.</returns>
    (string Host, int Port) Open(string pool, string id, long incarnation);

    /// <summary>The server has ended: closes its port, as soon as what it has answered is sent.</summary>
    void Close(string pool, string id, long incarnation);
}
