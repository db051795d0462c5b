using System.Text;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>A request that a test puts into a batch.</summary>
internal sealed record TestRequest(long Ticket, string Operation, string Payload = "", int TimeLeftMs = 1000, long ClientId = 7, int ReturnFrom = 0, bool IsRetried = false, int Priority = 5)
{
    public static RequestBatch Batch(string gateway, params IEnumerable<TestRequest> requests)
    {
        var entries = new List<ClientRequest>();
        var bytes = new List<byte>();
        foreach (var request in requests)
        {
            var (id, operation, payload) = (Utf8($"\"{request.Ticket}\""), Utf8(request.Operation), Utf8(request.Payload));
            entries.Add(new ClientRequest
            {
                Ticket = request.Ticket,
                Offset = bytes.Count,
                IdLength = id.Length,
                OperationLength = operation.Length,
                PayloadLength = payload.Length,
                ClientId = request.ClientId,
                TimeLeftMs = request.TimeLeftMs,
                ReturnFrom = request.ReturnFrom,
                IsRetried = request.IsRetried,
                PriorityOffset = request.Priority - 5,
            });
            bytes.AddRange([.. id, .. operation, .. payload]);
        }

        return new RequestBatch { GatewayId = gateway, Requests = entries.ToArray(), Bytes = bytes.ToArray() };
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
