using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Tls;

/// <summary>
/// The certificate that gateways and servers present to TCP clients, if <c>load_balancer.certificate</c> is set. It is read again when its
/// files have changed, because certificates are renewed every few weeks and connections must not end for it. Thread-safe.
/// </summary>
internal sealed partial class ServerCertificate
{
    private const string Key = "load_balancer.certificate";

    /// <summary>How long a change may stay unnoticed.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);

    private readonly LoadBalancerSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _check = new();
    private byte[] _content;
    private long _checkedAt;
    private volatile SslServerAuthenticationOptions _options;

    /// <summary>Reads the files of the settings, which name a certificate.</summary>
    /// <exception cref="StartFailedException">A file cannot be read or used; the message says which and why.</exception>
    public ServerCertificate(LoadBalancerSettings settings, TimeProvider time, ILogger<ServerCertificate> log)
    {
        (_settings, _time, _log, _checkedAt) = (settings, time, log, time.GetTimestamp());
        _content = Content();
        _options = Read();
    }

    /// <summary>What a handshake needs. Reads changed files first.</summary>
    public SslServerAuthenticationOptions Options
    {
        get
        {
            if (_time.GetElapsedTime(Volatile.Read(ref _checkedAt)) >= CheckInterval && _check.TryEnter())
            {
                try
                {
                    ReadIfChanged();
                }
                finally
                {
                    _check.Exit();
                }
            }

            return _options;
        }
    }

    /// <summary>Registers the certificate, if the settings name one.</summary>
    public static void AddTo(IServiceCollection services, LoadBalancerSettings settings)
    {
        if (settings.Certificate.Length > 0)
        {
            services.TryAddSingleton(provider => new ServerCertificate(
                settings, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ServerCertificate>>()));
        }
    }

    private void ReadIfChanged()
    {
        Volatile.Write(ref _checkedAt, _time.GetTimestamp());
        try
        {
            // The content is compared, not the time of a file: a mounted secret is replaced by a link in a folder above it.
            var content = Content();
            if (content.AsSpan().SequenceEqual(_content))
                return;
            _options = Read();
            _content = content;
        }
        catch (StartFailedException failure)
        {
            // The files may be replaced one after the other. The next check looks again.
            Unusable(_log, failure.Message);
        }
    }

    private SslServerAuthenticationOptions Read()
    {
        var (own, others) = new CertificateFile(Key, _settings.Certificate).ReadWithKey(_settings.CertificateKey, _settings.CertificatePassword);
        var now = _time.GetUtcNow();
        if (own.NotAfter.ToUniversalTime() <= now)
            throw new StartFailedException($"{Key}: the certificate {own.Subject} in {_settings.Certificate} cannot be used: it expired on {own.NotAfter:yyyy-MM-dd}.");
        if (own.NotBefore.ToUniversalTime() > now)
            throw new StartFailedException($"{Key}: the certificate {own.Subject} in {_settings.Certificate} cannot be used: it is valid only from {own.NotBefore:yyyy-MM-dd}.");
        InUse(_log, own.Subject, own.NotAfter);
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(own, others, offline: true),
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
    }

    private byte[] Content() =>
    [
        .. new CertificateFile(Key, _settings.Certificate).Bytes(),
        .. _settings.CertificateKey.Length > 0 ? new CertificateFile($"{Key}_key", _settings.CertificateKey).Bytes() : [],
    ];

    [LoggerMessage(1141, LogLevel.Information, "TCP clients must use TLS; the certificate is {Subject}, valid until {NotAfter:yyyy-MM-dd}. Datagrams are not encrypted")]
    private static partial void InUse(ILogger log, string subject, DateTime notAfter);

    [LoggerMessage(1142, LogLevel.Warning, "The files of load_balancer.certificate have changed, but cannot be used, so the earlier certificate stays in use: {Failure}")]
    private static partial void Unusable(ILogger log, string failure);
}
