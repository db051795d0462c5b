using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Shortline.Hosting.Settings;
using Shortline.Silo.Endpoints;
using Shortline.Unit.Tests.Gateway.Requests;
using Shortline.Unit.Tests.Gateway.Tcp;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Silo.Endpoints;

/// <summary>Clients of the text protocol, and others, that take their time.</summary>
public sealed class LongConversationTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeServer _server = new("0", DispatcherFixture.OwnSilo);
    private readonly string _folder = Directory.CreateTempSubdirectory("long-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_client_that_says_nothing_yet_may_rest_for_an_hour()
    {
        using var endpoint = Open();
        using var client = new TextClient(endpoint.EndPoint);
        using var longer = new TextClient(endpoint.EndPoint);
        await Connected(endpoint, 2);

        Rest(TimeSpan.FromMinutes(59));
        Assert.Equal("alive", client.Send("test_response_time").ReadOnce());
        Rest(TimeSpan.FromMinutes(2));
        Assert.True(longer.IsClosed());
    }

    [Fact]
    public async Task Clients_that_say_nothing_rest_for_a_minute_when_more_than_half_of_the_connections_are_open()
    {
        using var endpoint = Open(new() { LoadBalancer = new() { MaxConnections = 4 } });
        using var first = new TextClient(endpoint.EndPoint);
        using var second = new TextClient(endpoint.EndPoint);
        await Connected(endpoint, 2);
        Rest(TimeSpan.FromMinutes(2));
        using var third = new TextClient(endpoint.EndPoint);
        await Connected(endpoint, 3);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(first.IsClosed() && second.IsClosed());
        Assert.Equal("alive", third.Send("test_response_time").ReadOnce());
    }

    [Fact]
    public async Task A_client_of_JSON_that_is_silent_is_closed_after_a_minute()
    {
        using var endpoint = Open();
        using var client = new LineClient(endpoint.EndPoint);
        Assert.Equal("[]", client.Send("{\"operation\":\"probe\"}\n").Line());

        Rest(TimeSpan.FromSeconds(62));
        await Eventually.True(() => !endpoint.HasConnections, "the silent connection is closed");
        Assert.Null(client.Line());
    }

    [Theory]
    [InlineData("req_file%big.bin\n")]
    [InlineData("{\"id\":1,\"operation\":\"file\",\"payload\":{\"name\":\"big.bin\",\"stream\":true}}\n")]
    public async Task A_file_that_is_read_slowly_is_not_cut(string request)
    {
        if (!OperatingSystem.IsLinux())
            return; // Other systems do not tell how much of a piece the client has taken.
        await File.WriteAllBytesAsync(Path.Combine(_folder, "big.bin"), new byte[20_000_000]);
        using var endpoint = Open(new() { LoadBalancer = new() { IdleTimeoutMs = 10_000, TextIdleTimeoutMs = 10_000 } });
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8192, ReceiveTimeout = 10_000 };
        await client.ConnectAsync(endpoint.EndPoint);
        await client.SendAsync(Encoding.UTF8.GetBytes(request));

        // More than the buffer holds, so that the server's system has sent something meanwhile.
        var part = new byte[64 * 1024];
        for (var second = 0; second < 100; second += 5)
        {
            for (var read = 0; read < part.Length;)
            {
                var count = client.Receive(part.AsSpan(read));
                Assert.True(count > 0, $"the connection was closed after {second} s");
                read += count;
            }

            Rest(TimeSpan.FromSeconds(5));
        }

        Assert.True(endpoint.HasConnections);
        await Eventually.True(
            () =>
            {
                Rest(TimeSpan.FromSeconds(1));
                return !endpoint.HasConnections;
            },
            "a client that reads nothing more is closed");
    }

    [Fact]
    public async Task A_computation_has_the_time_that_it_asks_for()
    {
        _server.OnSubmit = _ => new(_server.AcceptAll());
        using var endpoint = Open();
        using var client = new TextClient(endpoint.EndPoint);
        client.Send("req_comp%3600\n");
        await Eventually.True(() => _server.Received.Count == 1, "the server has the request");

        for (var minute = 0; minute < 119; minute++)
        {
            Rest(TimeSpan.FromMinutes(1));
            endpoint.Sweep();
        }

        Assert.True(endpoint.HasConnections && endpoint.InFlight == 1);
        endpoint.OnResponses(_server.Answers(_server.Received[0]));
        await Eventually.True(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return !endpoint.HasConnections;
            },
            "the connection ends after the answer");
        Assert.Equal("", client.ReadToEnd());
    }

    [Fact]
    public async Task A_client_that_rests_counts_until_it_leaves()
    {
        using var endpoint = Open();
        var changes = 0;
        endpoint.ClientsChanged = () => changes++;
        using (new TextClient(endpoint.EndPoint))
        {
            await Connected(endpoint, 1);
            endpoint.Sweep();
            endpoint.Sweep();
            Assert.Equal((1, 1), (endpoint.RestingClients, changes));
        }

        await Connected(endpoint, 0);
        endpoint.Sweep();
        Assert.Equal((0, 2), (endpoint.RestingClients, changes));
    }

    [Fact]
    public async Task Directories_and_files_do_not_wait_for_a_computation()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.txt"), "text");
        _server.OnSubmit = _ => new(_server.AcceptAll());
        using var endpoint = Open();
        using var busy = new TextClient(endpoint.EndPoint);
        busy.Send("req_comp%70\n");
        await Eventually.True(() => _server.Received.Count == 1, "the server has the request");

        using var other = new TextClient(endpoint.EndPoint);
        Assert.Equal("{\"a.txt\":\"file\"}", other.Send("req_dir").ReadOnce());
        Assert.Equal("text", other.Send("req_file%a.txt\n").ReadOnce());
    }

    [Fact]
    public void A_server_without_files_has_an_empty_directory()
    {
        using var endpoint = Open(files: false);
        using var client = new TextClient(endpoint.EndPoint);

        Assert.Equal("{}", client.Send("req_dir").ReadOnce());
    }

    [Fact]
    public async Task A_client_of_the_text_protocol_is_served_after_the_others_were_sent_away()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.txt"), "text");
        using var endpoint = Open();
        using var text = new TextClient(endpoint.EndPoint);
        using var json = new LineClient(endpoint.EndPoint);
        Assert.Equal("[]", json.Send("{\"operation\":\"probe\"}\n").Line());
        await Connected(endpoint, 2);

        endpoint.StopAccepting();
        endpoint.Leave();

        Assert.Contains("connection_closing", json.Line(), StringComparison.Ordinal);
        Assert.True(endpoint.HasTextClients);
        Assert.Equal("{\"a.txt\":\"file\"}", text.Send("req_dir").ReadOnce());
    }

    private ServerEndpoint Open(ShortlineSettings? settings = null, bool files = true)
    {
        var used = settings ?? new ShortlineSettings();
        return EndpointOfFakeServer.Open(_server, _time, used with { Server = used.Server with { FileRoot = files ? _folder : "" } });
    }

    private static Task Connected(ServerEndpoint endpoint, int count) =>
        Eventually.True(() => endpoint.Connections == count, () => $"{count} clients are connected, not {endpoint.Connections}");

    /// <summary>Lets time pass, with every check of idle connections.</summary>
    private void Rest(TimeSpan time)
    {
        for (var seconds = 0; seconds < time.TotalSeconds; seconds++)
            _time.Advance(TimeSpan.FromSeconds(1));
    }
}
