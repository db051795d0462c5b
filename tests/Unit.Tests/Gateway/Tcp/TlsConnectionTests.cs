using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shortline.Client;
using Shortline.Client.Files;
using Shortline.Gateway.Tcp;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Tls;
using Shortline.TestCertificates;
using Shortline.Unit.Tests.Fleet;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Gateway.Tcp;

/// <summary>A fleet with <c>load_balancer.certificate</c>, and clients that encrypt their connections or do not.</summary>
public sealed class TlsConnectionTests : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shortline-tls-");
    private readonly TestAuthority _authority = new("Gateways");
    private FleetHost _fleet = null!;

    public async Task InitializeAsync()
    {
        _authority.WritePem(PathOf("gateway.pem"), "gateway");
        await File.WriteAllTextAsync(PathOf("note.txt"), "a note");
        _fleet = await FleetHost.Start(new ShortlineSettings
        {
            Server = new() { Count = 2, FileRoot = _folder.FullName },
            LoadBalancer = new() { Certificate = PathOf("gateway.pem"), SlowStartMs = 0 },
        });
    }

    public async Task DisposeAsync()
    {
        await _fleet.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(ClientTransport.Tcp)]
    [InlineData(ClientTransport.Direct)]
    public async Task The_client_library_sends_encrypted_requests_to_gateways_and_servers(ClientTransport transport)
    {
        using var client = Client(Trusting(_authority), transport);

        var replies = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => client.SendAsync("echo", "\"hi\""u8.ToArray()).AsTask()));

        Assert.All(replies, reply => Assert.True(reply.IsOk, reply.Error));
    }

    [Fact]
    public async Task A_file_comes_encrypted_from_a_server()
    {
        using var client = Client(Trusting(_authority));

        await new FileDownload(new RemoteFiles(client), "note.txt", PathOf("copy.txt")).RunAsync();

        Assert.Equal("a note", await File.ReadAllTextAsync(PathOf("copy.txt")));
    }

    [Fact]
    public async Task Requests_before_the_end_of_the_clients_side_are_answered_and_the_end_is_announced()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_fleet.EndPoint);
        await using var stream = new SslStream(new NetworkStream(socket));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "gateway", CertificateChainPolicy = PolicyOf(_authority) });
        await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(i => $"{{\"id\":{i},\"operation\":\"echo\"}}\n"))));
        await stream.ShutdownAsync();

        // An end that is not announced would look like an attack to most TLS libraries; .NET reads it as an end as well.
        using var reader = new StreamReader(stream);
        var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(100, lines.Count(line => line.Contains("\"ok\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_certificate_of_another_authority_or_for_another_name_is_refused_with_the_reason()
    {
        using var stranger = new TestAuthority("Stranger");
        using var distrustful = Client(Trusting(stranger));
        using var mistaken = Client(Trusting(_authority) with { ServerName = "elsewhere" });

        Assert.Contains("the certificate CN=gateway is not trusted: ", (await Ask(distrustful)).Error, StringComparison.Ordinal);
        Assert.Contains("the certificate CN=gateway is not for elsewhere", (await Ask(mistaken)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_without_TLS_is_turned_away_and_told_why()
    {
        using var client = Client(tls: null);

        Assert.Contains("it may require TLS (load_balancer.certificate)", (await Ask(client)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_with_TLS_is_told_that_a_gateway_has_none()
    {
        await using var plain = await FleetHost.Start(new ShortlineSettings());
        using var client = new ShortlineClient(Options(Trusting(_authority), ClientTransport.Tcp) with { Gateways = [plain.EndPoint] });

        Assert.Contains("did not complete the TLS handshake", (await Ask(client)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_refuses_to_encrypt_datagrams() =>
        Assert.Throws<ArgumentException>(() => Client(Trusting(_authority), ClientTransport.Udp));

    [Fact]
    public async Task Connections_that_fail_or_delay_the_handshake_are_closed_and_counted()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var settings = new LoadBalancerSettings { Certificate = PathOf("gateway.pem") };
        var connections = new TcpConnections(limit: 4);
        var certificate = new ServerCertificate(settings, time, NullLogger<ServerCertificate>.Instance);
        using var door = new TcpFrontDoor(new IPEndPoint(IPAddress.Loopback, 0), connections, settings, time, NullLogger.Instance, certificate);
        door.Start(() => new TcpServices(Dispatcher: null!));
        using LineClient silent = new(door.LocalEndPoint), plain = new(door.LocalEndPoint);
        await Eventually.True(() => connections.Count == 2, "both connections are accepted");

        plain.Send("{\"id\":1,\"operation\":\"echo\"}\n");
        Assert.Null(plain.Line());
        await Eventually.True(() => connections.Ended[(int)ConnectionEnd.NotEncrypted] == 1 && connections.Count == 1, "the plain connection is counted and gone");
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, connections.Count);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Null(silent.Line());
        Assert.Equal(1, connections.Ended[(int)ConnectionEnd.Idle]);
    }

    private static ClientTlsOptions Trusting(TestAuthority authority) => new() { Authorities = [authority.Certificate] };

    private static X509ChainPolicy PolicyOf(TestAuthority authority) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        CustomTrustStore = { authority.Certificate },
    };

    private static Task<Reply> Ask(ShortlineClient client) => client.SendAsync("echo", timeoutMs: 500).AsTask();

    private ShortlineClient Client(ClientTlsOptions? tls, ClientTransport transport = ClientTransport.Tcp) => new(Options(tls, transport));

    private ShortlineClientOptions Options(ClientTlsOptions? tls, ClientTransport transport) =>
        new() { Gateways = [_fleet.EndPoint], Transport = transport, Tls = tls };

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);
}
