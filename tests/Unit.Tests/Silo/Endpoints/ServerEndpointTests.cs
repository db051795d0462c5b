using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Shortline.Gateway.Tcp.Text;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;
using Shortline.Unit.Tests.Fleet;
using Shortline.Unit.Tests.Gateway.Tcp;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Silo.Endpoints;

/// <summary>Servers with their own ports in a whole fleet in this process.</summary>
public sealed class ServerEndpointTests(EndpointFleet shared) : IClassFixture<EndpointFleet>
{
    private readonly FleetHost _fleet = shared.Fleet;

    [Fact]
    public async Task Each_server_reports_its_own_port_and_answers_there()
    {
        var servers = (await _fleet.Controller.GetStatus()).Servers;

        Assert.Equal(2, servers.Select(server => server.Port).Distinct().Count());
        foreach (var server in servers)
        {
            using var client = new LineClient(EndPointOf(server));
            var answer = client.Send("{\"id\":1,\"operation\":\"echo\",\"payload\":[[1,[2]],{\"ü\":123456789012345678901234567890}]}\n").Answer();
            Assert.Equal(("ok", server.Identity), (answer.GetProperty("status").GetString(), answer.GetProperty("server_id").GetString()));
            Assert.Equal("[[1,[2]],{\"ü\":123456789012345678901234567890}]", answer.GetProperty("result").GetRawText());
        }
    }

    [Fact]
    public async Task The_gateway_answers_every_form_of_locate()
    {
        var known = (await _fleet.Controller.GetStatus()).Servers.Select(server => server.Port).ToList();

        Assert.Contains(PortIn(TextClient.Ask(_fleet.EndPoint, "req_sv_loc")), known);
        using var client = new LineClient(_fleet.EndPoint);
        Assert.Contains(PortIn(client.Send("{\"operation\":\"locate\"}\n").Line()!), known);
        var answer = client.Send("{\"id\":\"7\",\"client_id\":3,\"operation\":\"locate\"}\n").Answer();
        Assert.Contains(PortIn(answer.GetProperty("result").GetRawText()), known);
        Assert.Equal(("7", 3, "ok"), (answer.GetProperty("id").GetString(), answer.GetProperty("client_id").GetInt32(), answer.GetProperty("status").GetString()));
    }

    [Fact]
    public void The_gateway_spreads_clients_over_the_servers()
    {
        var ports = Enumerable.Range(0, 20).Select(_ => PortIn(TextClient.Ask(_fleet.EndPoint, "req_sv_loc"))).CountBy(port => port).ToList();

        Assert.Equal(2, ports.Count);
        Assert.All(ports, port => Assert.InRange(port.Value, 5, 15));
    }

    [Fact]
    public async Task A_client_of_the_text_protocol_is_served()
    {
        var server = await Server();

        Assert.Equal("alive", TextClient.Ask(server, "test_response_time"));
        Assert.Equal("{\"doc.txt\":\"file\"}", TextClient.Ask(server, "req_dir"));
        Assert.Equal("a documentDONE", TextClient.Ask(server, "req_file%doc.txt"));
        Assert.Equal("NONE", TextClient.Ask(server, "req_file%../doc.txt"));
        Assert.Equal("NONE", TextClient.Ask(server, "req_file%/etc/passwd\n"));
        Assert.Equal("", TextClient.Ask(server, "req_comp%0.05"));
    }

    [Fact]
    public async Task The_end_of_a_file_is_sent_in_a_separate_segment()
    {
        using var client = new TextClient(await Server());

        Assert.Equal("a document", client.Send("req_file%doc.txt").ReadOnce());
        Assert.Equal("DONE", client.ReadOnce());
    }

    [Fact]
    public async Task Commands_may_share_a_segment_and_a_command_may_span_several()
    {
        var server = await Server();

        Assert.Equal("alive{\"doc.txt\":\"file\"}alive", TextClient.Ask(server, "test_response_timereq_dir\r\nreq_comp%0.01test_response_time"));

        using var slow = new TextClient(server);
        foreach (var letter in "req_file%no")
            slow.Send($"{letter}");
        Assert.Equal("NONE", slow.ReadOnce());

        using var ends = new TextClient(server);
        Assert.Equal("NONE", ends.Send("req_file%nothing").SayEnd().ReadToEnd());
    }

    [Fact]
    public async Task A_server_that_computes_counts_as_busy()
    {
        await using var fleet = await EndpointFleet.Start();
        var busy = (await fleet.Controller.GetStatus()).Servers[0];
        using var client = new TextClient(EndPointOf(busy)).Send("req_comp%20\n");

        await Eventually.True(
            async () => (await fleet.Controller.GetStatus()).Servers.Single(server => server.Identity == busy.Identity).InService == 1, "the first server is busy");
        var idle = (await fleet.Controller.GetStatus()).Servers.Single(server => server.Identity != busy.Identity);
        await Eventually.True(() => PortIn(TextClient.Ask(fleet.EndPoint, "req_sv_loc")) == idle.Port, "the gateway names the other server");
        using var client2 = new LineClient(fleet.EndPoint);
        Assert.Equal(idle.Identity, client2.Send("{\"id\":1,\"operation\":\"echo\"}\n").Answer().GetProperty("server_id").GetString());
    }

    [Fact]
    public async Task A_client_that_rests_at_a_server_is_known_to_the_fleet()
    {
        await using var fleet = await EndpointFleet.Start();
        var first = (await fleet.Controller.GetStatus()).Servers[0];
        using (new TextClient(EndPointOf(first)))
            await Eventually.True(async () => await Resting() == 1, "the client is counted");
        await Eventually.True(async () => await Resting() == 0, "the client is not counted any more");

        async Task<int> Resting() => (await fleet.Controller.GetStatus()).Servers.Single(server => server.Identity == first.Identity).RestingClients;
    }

    [Fact]
    public async Task A_killed_server_serves_a_client_of_the_text_protocol_that_is_connected()
    {
        await using var fleet = await EndpointFleet.Start(drainTimeoutMs: 30_000);
        var gone = (await fleet.Controller.GetStatus()).Servers[0];
        using var client = new TextClient(EndPointOf(gone)); // Accepted before the other one.
        using var json = new LineClient(EndPointOf(gone));
        Assert.Equal("[]", json.Send("{\"operation\":\"probe\"}\n").Line());

        await fleet.Controller.KillServer(gone.Identity);

        Assert.Contains("connection_closing", json.Line(), StringComparison.Ordinal);
        Assert.Equal("alive", client.Send("test_response_time").ReadOnce());
        Assert.Equal("", client.ReadOnce());
        await Eventually.True(() => Refuses(EndPointOf(gone)), "the port is closed");
    }

    [Fact]
    public async Task What_clients_of_the_text_protocol_ask_for_is_told()
    {
        var told = new ConcurrentQueue<TextExchange>();
        var exchanges = _fleet.Services.GetRequiredService<TextExchanges>();
        exchanges.Answered += told.Enqueue;
        var server = (await _fleet.Controller.GetStatus()).Servers[0];

        TextClient.Ask(_fleet.EndPoint, "req_sv_loc");
        TextClient.Ask(EndPointOf(server), "req_file%a\u001b[2Jb\n");

        await Eventually.True(() => told.Count == 2, () => $"two commands are told, not {told.Count}");
        exchanges.Answered -= told.Enqueue;
        Assert.Equal([("req_sv_loc", null), ("req_file%a\\u001b[2Jb", server.Identity)], told.Select(exchange => (exchange.Command, exchange.Server)));
        Assert.All(told, exchange => Assert.Equal(IPAddress.Loopback, exchange.Client.Address));
    }

    [Fact]
    public async Task A_command_that_fails_resets_the_connection()
    {
        using var client = new TextClient(await Server()).Send("req_comp%1.2.3\n");

        Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(client.ReadToEnd).SocketErrorCode);
    }

    [Fact]
    public async Task A_file_is_streamed_from_the_requested_offset()
    {
        var bytes = RandomNumberGenerator.GetBytes(1_000_000);
        var path = Path.Combine(shared.Files, "big.bin");
        await File.WriteAllBytesAsync(path, bytes);
        var server = await Server();

        foreach (var offset in (long[])[0, 400_000, 1_000_000, 5_000_000])
        {
            var (head, body, tail) = Stream(server, "{\"id\":\"s\",\"operation\":\"file\",\"payload\":{\"name\":\"big.bin\",\"offset\":" + offset + ",\"stream\":true}}");
            Assert.Equal(Math.Max(0, bytes.Length - offset), body.Length);
            Assert.True(bytes.AsSpan((int)Math.Min(offset, bytes.Length)).SequenceEqual(body));
            Assert.Equal(1_000_000, head.GetProperty("result").GetProperty("size").GetInt64());
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), tail.GetProperty("result").GetProperty("sha256").GetString());
        }

        File.Delete(path); // Other tests list the folder.
    }

    [Fact]
    public async Task Answers_and_streams_on_one_connection_are_not_interleaved()
    {
        using var client = new LineClient(await Server());
        client.Send(
            "{\"id\":1,\"operation\":\"echo\"}\n"
            + "{\"id\":2,\"operation\":\"file\",\"payload\":{\"name\":\"doc.txt\",\"stream\":true}}\n"
            + "{\"id\":3,\"operation\":\"echo\",\"payload\":\"stream\"}\n"
            + "{\"id\":4,\"operation\":\"file\",\"payload\":{\"name\":\"nothing\",\"stream\":true}}\n");

        var lines = Enumerable.Range(0, 5).Select(_ => client.Line()!).ToList();

        // The document has no line feed, so the next line begins with it.
        Assert.Single(lines, line => line.StartsWith("a document{\"id\":2", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("{\"id\":1", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("{\"id\":3", StringComparison.Ordinal) && line.Contains("\"stream\"", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("{\"id\":4,\"status\":\"invalid\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_are_not_served_in_any_way_if_the_operation_is_switched_off()
    {
        await using var fleet = await EndpointFleet.Start(shared.Files, operations: BuiltInOperations.TryParse("directory"));
        var server = EndPointOf((await fleet.Controller.GetStatus()).Servers[0]);
        using var client = new LineClient(server);

        foreach (var stream in (string[])["true", "false"])
        {
            var answer = client.Send("{\"id\":1,\"operation\":\"file\",\"payload\":{\"name\":\"doc.txt\",\"stream\":" + stream + "}}\n").Answer();
            Assert.Equal("invalid", answer.GetProperty("status").GetString());
            Assert.Contains("switched off by server.operations", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
        }

        using (var text = new TextClient(server).Send("req_file%doc.txt\n"))
            Assert.True(text.IsClosed());
        Assert.Contains("doc.txt", TextClient.Ask(server, "req_dir"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_port_of_a_killed_server_is_closed()
    {
        await using var fleet = await EndpointFleet.Start();
        var gone = (await fleet.Controller.GetStatus()).Servers[0];
        using var client = new LineClient(EndPointOf(gone));
        Assert.Equal("ok", client.Send("{\"id\":1,\"operation\":\"echo\"}\n").Answer().GetProperty("status").GetString());

        await fleet.Controller.KillServer(gone.Identity);

        // Its one request was answered, so that the server can say that no other has run.
        Assert.Contains("connection_closing", client.Line(), StringComparison.Ordinal);
        Assert.Null(client.Line());
        await Eventually.True(() => Refuses(EndPointOf(gone)), "the port is closed");
    }

    [Fact]
    public async Task A_server_without_a_usable_address_has_no_port_but_still_works()
    {
        // An address reserved for documentation, which no machine has (RFC 5737).
        await using var fleet = await FleetHost.Start(new ShortlineSettings { Server = new() { Address = "192.0.2.1" } });

        Assert.Equal(("", 0), (await fleet.Controller.GetStatus()).Servers.Select(server => (server.Host, server.Port)).Single());
        using var client = new LineClient(fleet.EndPoint);
        Assert.Equal("ok", client.Send("{\"id\":1,\"operation\":\"echo\"}\n").Answer().GetProperty("status").GetString());
    }

    private async Task<IPEndPoint> Server() => EndPointOf((await _fleet.Controller.GetStatus()).Servers[0]);

    private static IPEndPoint EndPointOf(ServerResponse server) => new(IPAddress.Parse(server.Host), server.Port);

    private static int PortIn(string location)
    {
        using var array = JsonDocument.Parse(location);
        Assert.Equal("127.0.0.1", array.RootElement[0].GetString());
        return array.RootElement[1].GetInt32();
    }

    private static bool Refuses(IPEndPoint endPoint)
    {
        try
        {
            using var client = new LineClient(endPoint);
            return client.Send("{\"id\":9,\"operation\":\"echo\"}\n").Line() is null;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static (JsonElement Head, byte[] Body, JsonElement Tail) Stream(IPEndPoint server, string request)
    {
        using var client = new TcpClient();
        client.Connect(server);
        using var stream = client.GetStream();
        stream.Write(Encoding.UTF8.GetBytes(request + "\n"));
        var head = JsonDocument.Parse(ReadLine(stream)).RootElement;
        var body = new byte[head.GetProperty("result").GetProperty("length").GetInt64()];
        stream.ReadExactly(body);
        return (head, body, JsonDocument.Parse(ReadLine(stream)).RootElement);
    }

    private static string ReadLine(NetworkStream stream)
    {
        var line = new List<byte>();
        for (int next; (next = stream.ReadByte()) is not (-1 or '\n');)
            line.Add((byte)next);
        return Encoding.UTF8.GetString([.. line]);
    }
}
