namespace Shortline.Gateway;

/// <summary>Answers that are too long for a line: sent as they are made, in bounded memory.</summary>
internal interface IStreams
{
    /// <summary>Looks whether a request asks for one. Called for every line, so it must be quick to see that it does not.</summary>
    /// <param name="request">The line; valid during the call.</param>
    /// <returns>Sends the whole answer with <see cref="TcpConnection.SendRaw"/>; null for what the dispatcher answers.</returns>
    Func<TcpConnection, Task>? Find(ReadOnlySpan<byte> request);
}
