using System.Text;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>A request for a batch.</summary>
internal sealed record Ask(long Ticket, string Operation, string Payload = "", int TimeLeftMs = 1000, long ClientId = 7)
{
    public static RequestBatch Batch(string gateway, params IEnumerable<Ask> asks)
    {
        var requests = new List<ClientRequest>();
        var bytes = new List<byte>();
        foreach (var ask in asks)
        {
            var (id, operation, payload) = (Utf8($"\"{ask.Ticket}\""), Utf8(ask.Operation), Utf8(ask.Payload));
            requests.Add(new ClientRequest
            {
                Ticket = ask.Ticket,
                Offset = bytes.Count,
                IdLength = id.Length,
                OperationLength = operation.Length,
                PayloadLength = payload.Length,
                ClientId = ask.ClientId,
                TimeLeftMs = ask.TimeLeftMs,
            });
            bytes.AddRange([.. id, .. operation, .. payload]);
        }

        return new RequestBatch { GatewayId = gateway, Requests = requests.ToArray(), Bytes = bytes.ToArray() };
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
