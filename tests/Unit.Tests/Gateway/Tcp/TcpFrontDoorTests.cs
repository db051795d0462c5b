using System.Net.Sockets;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shortline.Gateway.Tcp;
using Shortline.Hosting.Settings;
using Shortline.Unit.Tests.Fleet;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Gateway.Tcp;

/// <summary>Requests as lines over TCP to a whole fleet in this process.</summary>
public sealed class TcpFrontDoorTests : IAsyncLifetime
{
    private static readonly ShortlineSettings Settings = new()
    {
        Server = new() { Concurrency = 16 },
        LoadBalancer = new() { MaxConnections = 20, InFlightLimit = 1000, SlowStartMs = 0 },
    };

    private FleetHost _fleet = null!;

    public async Task InitializeAsync() => _fleet = await FleetHost.Start(Settings);

    public async Task DisposeAsync() => await _fleet.DisposeAsync();

    [Fact]
    public void A_line_is_answered_with_a_line()
    {
        using var client = Connect();

        var answer = client.Send("{\"id\":\"1\",\"client_id\":7,\"operation\":\"echo\",\"payload\":[1,{\"a\":null}]}\n").Answer();

        Assert.Equal(("1", 7, "ok"), (answer.GetProperty("id").GetString(), answer.GetProperty("client_id").GetInt32(), answer.GetProperty("status").GetString()));
        Assert.Equal("[1,{\"a\":null}]", answer.GetProperty("result").GetRawText());
    }

    [Fact]
    public void A_probe_is_answered_at_once_with_an_empty_array()
    {
        using var client = Connect();

        Assert.Equal("[]", client.Send("{\"operation\":\"probe\"}\n").Line());
        Assert.Equal("ok", client.Send("{\"id\":1,\"operation\":\"echo\"}\n").Answer().GetProperty("status").GetString());
    }

    [Fact]
    public void Many_requests_on_one_connection_are_all_answered()
    {
        using var client = Connect();
        client.Send(string.Concat(Enumerable.Range(0, 500).Select(i => $"{{\"id\":{i},\"operation\":\"echo\",\"payload\":{i}}}\n")));

        var answers = Enumerable.Range(0, 500).Select(_ => client.Answer()).ToList();

        Assert.All(answers, answer => Assert.Equal("ok", answer.GetProperty("status").GetString()));
        Assert.All(answers, answer => Assert.Equal(answer.GetProperty("id").GetInt32(), answer.GetProperty("result").GetInt32()));
        Assert.Equal(Enumerable.Range(0, 500), answers.Select(answer => answer.GetProperty("id").GetInt32()).Order());
    }

    [Fact]
    public void A_short_request_overtakes_a_long_one()
    {
        using var client = Connect();
        client.Send("{\"id\":\"long\",\"operation\":\"compute\",\"payload\":{\"seconds\":0.5}}\n{\"id\":\"short\",\"operation\":\"echo\"}\n");

        Assert.Equal(["short", "long"], [client.Answer().GetProperty("id").GetString()!, client.Answer().GetProperty("id").GetString()!]);
    }

    [Theory]
    [InlineData(65_507, true)]
    [InlineData(65_508, false)]
    public void A_line_that_is_one_byte_too_long_ends_the_connection(int length, bool isAllowed)
    {
        using var client = Connect();
        var begin = "{\"id\":1,\"operation\":\"nothing\",\"payload\":\"";
        client.Send($"{begin}{new string('x', length - begin.Length - 2)}\"}}\r\n{{\"id\":2,\"operation\":\"echo\"}}\n");

        Assert.Equal(("invalid", isAllowed), (client.Answer() is var first ? first.GetProperty("status").GetString() : "", first.TryGetProperty("id", out _)));
        Assert.Equal(isAllowed, client.Line() is not null);
    }

    [Fact]
    public void Lines_are_reassembled_wherever_the_stream_is_split()
    {
        var cuts = Gen.Choose(1, 40).ArrayOf();
        var property = Prop.ForAll(cuts.Where(c => c.Length > 0).ToArbitrary(), sizes =>
        {
            using var client = Connect();
            client.Socket.NoDelay = true;
            var text = "{\"id\":\"a\",\"operation\":\"echo\",\"payload\":\"ä€𝄞\"}\r\n\n{\"id\":\"b\",\"operation\":\"echo\"}\n\r\n{\"id\":\"c\",\"operation\":\"echo\"}\n"u8.ToArray();
            for (var (at, cut) = (0, 0); at < text.Length; cut++)
            {
                var size = Math.Min(sizes[cut % sizes.Length], text.Length - at);
                client.Socket.Send(text, at, size, SocketFlags.None);
                at += size;
            }

            var answers = Enumerable.Range(0, 3).Select(_ => client.Answer()).ToDictionary(answer => answer.GetProperty("id").GetString()!);
            Assert.Equal("ä€𝄞", answers["a"].GetProperty("result").GetString());
            Assert.Equal(["a", "b", "c"], answers.Keys.Order());
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), property);
    }

    [Fact]
    public void The_last_line_needs_no_line_feed_and_is_answered_before_the_connection_closes()
    {
        using var client = Connect();
        client.Send("{\"id\":\"1\",\"operation\":\"compute\",\"payload\":{\"seconds\":0.1}}").Socket.Shutdown(SocketShutdown.Send);

        Assert.Equal("ok", client.Answer().GetProperty("status").GetString());
        Assert.Null(client.Line());
    }

    [Fact]
    public void A_repeat_on_the_same_connection_is_answered_and_the_connection_still_closes()
    {
        using var client = Connect();
        const string request = "{\"id\":\"same\",\"client_id\":9,\"operation\":\"compute\",\"payload\":{\"seconds\":0.2}}\n";
        client.Send(request + request).Answer();
        var again = client.Send(request).Answer();
        client.Socket.Shutdown(SocketShutdown.Send);

        Assert.Equal("ok", again.GetProperty("status").GetString());
        Assert.Null(client.Line()); // The gateway closes, so it waits for no further answer.
    }

    [Fact]
    public void A_repeat_over_another_connection_is_answered_there_and_both_connections_still_close()
    {
        using var first = Connect();
        using var second = Connect();
        first.Send("{\"id\":\"moves\",\"client_id\":9,\"operation\":\"compute\",\"payload\":{\"seconds\":0.3}}\n{\"id\":\"0\",\"operation\":\"echo\"}\n").Answer();
        second.Send("{\"id\":\"moves\",\"client_id\":9,\"operation\":\"compute\",\"payload\":{\"seconds\":0.3}}\n");
        Assert.Equal("moves", second.Answer().GetProperty("id").GetString());

        // If the gateway had counted one answer too many, it would close before this answer.
        second.Send("{\"id\":\"last\",\"operation\":\"compute\",\"payload\":{\"seconds\":0.1}}\n").Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("last", second.Answer().GetProperty("id").GetString());
        Assert.Null(second.Line());

        // If it had counted one too few, it would never close.
        first.Socket.Shutdown(SocketShutdown.Send);
        Assert.Null(first.Line());
    }

    [Fact]
    public void A_connection_that_fails_while_it_is_added_does_not_count()
    {
        var connections = new TcpConnections(limit: 1);
        for (var i = 0; i < 3; i++)
            Assert.Throws<SocketException>(() => connections.Add((_, _) => throw new SocketException()));

        Assert.Equal(0, connections.Count);
    }

    [Theory]
    [InlineData("hello\n", "JSON")]
    [InlineData("[]\n", "object")]
    [InlineData("{\"id\":\"1\"}\n", "operation")]
    public void An_invalid_line_is_answered_with_the_fault(string line, string part)
    {
        using var client = Connect();

        var answer = client.Send(line).Answer();
        Assert.Equal("invalid", answer.GetProperty("status").GetString());
        Assert.Contains(part, answer.GetProperty("error").GetString(), StringComparison.OrdinalIgnoreCase);

        Assert.Equal("ok", client.Send("{\"id\":\"2\",\"operation\":\"echo\"}\n").Answer().GetProperty("status").GetString());
    }

    [Fact]
    public void An_endless_line_is_answered_as_too_large_and_the_connection_is_closed()
    {
        using var client = Connect();
        client.Send("{\"id\":\"1\",\"payload\":\"" + new string('x', 70_000));

        var answer = client.Answer();
        Assert.Equal("invalid", answer.GetProperty("status").GetString());
        Assert.Contains("too large", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Null(client.Line());
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_rejected_until_others_close()
    {
        var clients = Enumerable.Range(0, 20).Select(_ => Connect()).ToList();
        foreach (var client in clients)
            Assert.Equal("ok", Echo(client));
        using (var surplus = Connect())
        {
            Assert.Equal("too many connections", surplus.Answer().GetProperty("reason").GetString());
            Assert.Null(surplus.Line());
        }

        foreach (var client in clients)
            client.Dispose();
        await Eventually.True(
            () =>
            {
                using var next = Connect();
                return next.Send("{\"id\":\"1\",\"operation\":\"echo\"}\n").Line()?.Contains("\"ok\"", StringComparison.Ordinal) == true;
            },
            "the gateway accepts a connection again");
    }

    [Fact]
    public async Task Clients_that_do_not_read_and_then_disconnect_free_their_connections()
    {
        Parallel.For(0, Settings.LoadBalancer.MaxConnections, _ =>
        {
            using var client = Connect();
            Clog(client, out var _, out var _);
            client.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        });

        await Eventually.True(
            () =>
            {
                using var client = Connect();
                try
                {
                    return client.Send("{\"operation\":\"probe\"}\n").Line() == "[]";
                }
                catch (IOException)
                {
                    return false;
                }
            },
            "another client is served");
    }

    [Fact]
    public void A_client_that_does_not_read_is_throttled_and_loses_no_answer()
    {
        using var client = Connect();
        var sent = Clog(client, out var line, out var at);
        Assert.True(sent < 3000, "The gateway read 60 MB of requests from a client that reads no answers.");
        client.Socket.Blocking = true;
        var finish = Task.Run(() => client.Socket.Send(line, at, line.Length - at, SocketFlags.None));
        for (var i = 0; i < sent; i++)
            Assert.Equal("ok", client.Answer().GetProperty("status").GetString());
        Assert.True(finish.IsCompleted);
    }

    /// <summary>Sends requests, and reads no answer, until the gateway reads no more of them.</summary>
    /// <returns>The number of requests, of which the last one is not sent to its end.</returns>
    private static int Clog(LineClient client, out byte[] line, out int at)
    {
        client.Socket.Blocking = false;
        var payload = new string('x', 20_000);
        var sent = 0;
        (line, at) = ([], 0);
        while (sent < 3000)
        {
            if (at == line.Length)
                (line, at) = (Encoding.UTF8.GetBytes($"{{\"id\":{sent++},\"operation\":\"echo\",\"payload\":\"{payload}\"}}\n"), 0);
            try
            {
                at += client.Socket.Send(line, at, line.Length - at, SocketFlags.None);
            }
            catch (SocketException failure) when (failure.SocketErrorCode == SocketError.WouldBlock)
            {
                if (!client.Socket.Poll(TimeSpan.FromMilliseconds(300), SelectMode.SelectWrite))
                    break;
            }
        }

        return sent;
    }

    [Fact]
    public void A_reset_in_the_middle_of_a_request_does_not_affect_other_connections()
    {
        for (var i = 0; i < 50; i++)
        {
            using var client = Connect();
            client.Send("{\"id\":\"1\",\"operation\":\"compute\",\"payload\":{\"seconds\":0.05}}\n{\"id\":\"2\",\"op");
            client.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        using var after = Connect();
        Assert.Equal("ok", Echo(after));
    }

    private static string? Echo(LineClient client) => client.Send("{\"id\":\"1\",\"operation\":\"echo\"}\n").Answer().GetProperty("status").GetString();

    private LineClient Connect() => new(_fleet.EndPoint);
}
