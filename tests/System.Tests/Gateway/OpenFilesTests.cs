using System.Net.Sockets;
using Shortline.System.Tests.Processes;
using Shortline.System.Tests.Udp;

namespace Shortline.System.Tests.Gateway;

public sealed class OpenFilesTests
{
    private const int OpenFiles = 512;
    private const int Clients = 400;

    [Fact]
    public async Task A_process_with_few_file_handles_turns_connections_away_and_serves_the_others()
    {
        await using var fleet = await Fleet.Start(OpenFiles);
        await fleet.Silo.WaitForLine("TCP connections fit, not the 1024 of load_balancer.max_connections, because this process may have 512 files open");
        var clients = new List<TcpClient>();
        try
        {
            var answers = new List<string?>();
            for (var i = 0; i < Clients; i++)
            {
                var client = new TcpClient();
                clients.Add(client);
                await client.ConnectAsync(fleet.Gateway);
                answers.Add(await Ask(client, i));
            }

            // The last line of a rejected connection may be lost if the request comes after the gateway has closed it.
            var served = answers.Count(answer => answer?.Contains("\"ok\"", StringComparison.Ordinal) == true);
            Assert.InRange(served, 20, OpenFiles);
            Assert.All(answers.Take(served), answer => Assert.Contains("\"ok\"", answer, StringComparison.Ordinal));
            Assert.All(answers.Skip(served), answer => Assert.True(answer?.Contains("too many connections", StringComparison.Ordinal) ?? true, answer));
            await fleet.Silo.WaitForLine("nearly all of the 512 files that this process may have open are used");

            using var datagrams = new PlainSocket(fleet.Gateway);
            Assert.Contains("\"ok\"", await datagrams.Ask("""{"id":"udp","operation":"echo"}"""), StringComparison.Ordinal);
            Assert.Contains("\"ok\"", await Ask(clients[0], Clients), StringComparison.Ordinal);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        await fleet.AllOk("--tcp", "--requests", "50", "--clients", "1");
    }

    private static async Task<string?> Ask(TcpClient client, int id)
    {
        try
        {
            var stream = client.GetStream();
            await stream.WriteAsync(global::System.Text.Encoding.UTF8.GetBytes($$"""{"id":{{id}},"operation":"echo"}""" + "\n"));
            using var reader = new StreamReader(stream, leaveOpen: true);
            return await reader.ReadLineAsync().WaitAsync(ProgramProcess.Limit, TimeProvider.System);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
