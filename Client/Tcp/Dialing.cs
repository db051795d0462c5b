using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Shortline.Client.Tcp;

/// <summary>Opens the TCP connections of a client. Thread-safe.</summary>
/// <param name="tls">How they are encrypted; null if they are not.</param>
/// <param name="time">The clock.</param>
internal sealed class Dialing(ClientTlsOptions? tls, TimeProvider time)
{
    /// <summary>
    /// How long a peer may take to accept, and then to answer the first request. The system repeats a lost SYN after one second. If that one
    /// is lost too, another peer is the better choice.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private volatile string? _fault;

    /// <summary>
    /// Why the last connection that a peer accepted could not be used: most often, one side uses TLS and the other does not. Null if it could.
    /// </summary>
    public string? Fault => _fault;

    /// <returns>An open connection; null if the peer does not accept in time.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<DialedConnection?> Dial(IPEndPoint endPoint, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, both.Token);
            var plain = new NetworkStream(socket, ownsSocket: false);
            return new DialedConnection(socket, tls is null ? plain : await Encrypt(plain, tls, endPoint, both.Token));
        }
        catch (Exception fault) when (fault is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            socket.Dispose();
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>Notes whether a peer that accepted a connection answered the first request on it.</summary>
    public void Served(bool isServed) => _fault = isServed || tls is not null
        ? null
        : "the peer closed the connection without an answer; it may require TLS (load_balancer.certificate)";

    private async Task<SslStream> Encrypt(NetworkStream plain, ClientTlsOptions how, IPEndPoint peer, CancellationToken cancellation)
    {
        var name = how.ServerName ?? peer.Address.ToString();
        string? refusal = null;
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                refusal = Refusal(name, certificate, chain, errors);
                return refusal is null;
            },
        };
        if (how.Authorities.Count > 0)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // Authorities of private networks seldom publish a list.
                DisableCertificateDownloads = true,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(how.Authorities);
        }

        var stream = new SslStream(plain);
        try
        {
            await stream.AuthenticateAsClientAsync(options, cancellation);
            return stream;
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException or OperationCanceledException)
        {
            await stream.DisposeAsync();
            _fault = refusal ?? (failure is OperationCanceledException
                ? $"{peer} did not complete the TLS handshake in time; it may not use TLS"
                : $"{peer} did not complete the TLS handshake; it may not use TLS (load_balancer.certificate is empty there)");
            throw;
        }
    }

    /// <summary>Why a certificate is not accepted; null if it is.</summary>
    private static string? Refusal(string name, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var subject = certificate?.Subject;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return $"the certificate {subject} is not for {name}";
        return errors == SslPolicyErrors.None
            ? null
            : $"the certificate {subject} is not trusted: {string.Join(' ', (chain?.ChainStatus ?? []).Select(status => status.StatusInformation.Trim()))}";
    }
}
