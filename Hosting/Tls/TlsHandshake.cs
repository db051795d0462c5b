namespace Shortline.Hosting.Tls;

/// <summary>What is known of one TLS handshake while it runs. Only the flow of control that runs it uses this.</summary>
internal sealed class TlsHandshake
{
    /// <summary>The exception that ended the handshake; null if it succeeded.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Why this side refused the other's certificate; null if it did not.</summary>
    public string? Refusal { get; private set; }

    public void Fail(Exception failure) => Failure = failure;

    public void Refuse(string reason) => Refusal = reason;
}
