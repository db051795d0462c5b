namespace Shortline.Grains;

/// <summary>Servers without ports of their own: for hosts that have no network.</summary>
internal sealed class NoServerEndpoints : IServerEndpoints
{
    public (string Host, int Port) Open(string pool, string id, long incarnation) => ("", 0);

    public void Close(string pool, string id, long incarnation)
    {
    }
}
