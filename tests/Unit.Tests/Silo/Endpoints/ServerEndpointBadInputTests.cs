using System.Net;
using System.Net.Sockets;
using System.Text;
using Shortline.Unit.Tests.Gateway.Tcp;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Silo.Endpoints;

/// <summary>Sends malformed commands to a server's port and breaks off connections.</summary>
public sealed class ServerEndpointBadInputTests(LargeFileFleet fleet) : IClassFixture<LargeFileFleet>
{
    private readonly string _files = fleet.Files;
    private readonly IPEndPoint _server = fleet.Server;

    [Theory]
    [InlineData("req_comp%1.2.3\n")]
    [InlineData("req_sv_loc")]
    [InlineData("JOIN%127.0.0.1:6001\n")]
    public void An_unknown_command_or_one_for_the_gateway_ends_the_connection(string command)
    {
        using var client = new TextClient(_server);

        Assert.True(client.Send(command).IsClosed());
        Assert.Equal("alive", TextClient.Ask(_server, "test_response_time"));
    }

    [Theory]
    [InlineData("req_comp%\n")]
    [InlineData("req_comp%x\n")]
    [InlineData("JOIN\n")]
    public void Text_that_is_neither_a_command_nor_JSON_is_answered_as_invalid_JSON(string text)
    {
        using var client = new LineClient(_server);

        Assert.Equal("invalid", client.Send(text).Answer().GetProperty("status").GetString());
    }

    [Fact]
    public void An_endless_command_ends_the_connection()
    {
        using var client = new TextClient(_server);
        try
        {
            for (var i = 0; i < 1000; i++)
                client.Send("req_file%" + new string('x', 1000));
            Assert.True(client.IsClosed());
        }
        catch (SocketException)
        {
            // The connection was closed while the client still sent.
        }

        Assert.Equal("alive", TextClient.Ask(_server, "test_response_time"));
    }

    [Fact]
    public void Names_that_are_invalid_or_lead_out_of_the_folder_get_NONE()
    {
        foreach (var name in (string[])["../doc", "/etc/passwd", "out", "a\0b", "..", ".", " ", "big.bin/..", "C:\\x", new string('y', 3000)])
            Assert.Equal("NONE", TextClient.Ask(_server, $"req_file%{name}\n"));
    }

    [Fact]
    public void Deeply_nested_JSON_is_invalid()
    {
        using var client = new LineClient(_server);
        var answer = client.Send($"{{\"id\":1,\"operation\":\"echo\",\"payload\":{new string('[', 10_000)}{new string(']', 10_000)}}}\n").Answer();

        Assert.Equal("invalid", answer.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("req_fi")]
    [InlineData("{\"id\":")]
    public void A_connection_without_a_complete_request_is_closed(string begun)
    {
        using var client = new TextClient(_server);
        client.Send(begun);

        Assert.True(client.IsClosed());
    }

    [Fact]
    public async Task Clients_that_break_off_in_the_middle_of_a_file_leave_no_open_handle()
    {
        for (var i = 0; i < 10; i++)
        {
            BreakOff("{\"id\":1,\"operation\":\"file\",\"payload\":{\"name\":\"big.bin\",\"stream\":true}}\n");
            BreakOff("req_file%big.bin\n");
        }

        if (OperatingSystem.IsLinux())
            await Eventually.True(() => OpenFiles() == 0, () => $"all handles of the file are closed, {OpenFiles()} are open");
        Assert.Equal("alive", TextClient.Ask(_server, "test_response_time"));
    }

    private void BreakOff(string request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(enable: true, seconds: 0) };
        socket.Connect(_server);
        socket.Send(Encoding.UTF8.GetBytes(request));
        socket.Receive(new byte[100_000]);
    }

    private int OpenFiles() => Directory.EnumerateFiles("/proc/self/fd").Count(handle =>
    {
        try
        {
            return File.ResolveLinkTarget(handle, returnFinalTarget: false)?.FullName.StartsWith(_files, StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false;
        }
    });
}
