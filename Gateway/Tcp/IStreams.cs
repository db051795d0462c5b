namespace Shortline.Gateway.Tcp;

/// <summary>Sends answers that are too long for a line, piece by piece, in bounded memory.</summary>
internal interface IStreams
{
    /// <summary>Checks whether a request asks for a stream. Called for every line, so it must reject other requests quickly.</summary>
    /// <param name="request">The line; valid during the call.</param>
    /// <returns>
    /// A function that sends the whole answer with <see cref="TcpConnection.SendRaw"/>, or null if the dispatcher answers the request.
    /// </returns>
    Func<TcpConnection, Task>? Find(ReadOnlySpan<byte> request);
}
