namespace Shortline.Client;

/// <summary>Sends one request that may be repeated; <see cref="ShortlineClient.SendAsync"/> for one.</summary>
internal delegate ValueTask<Reply> SendRequest(string operation, byte[] payload, int timeoutMs, CancellationToken cancellation);
