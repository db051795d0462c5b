using System.Text;
using Shortline.GrainInterfaces.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>A response with its body.</summary>
internal sealed record Answer(long Ticket, ResponseStatus Status, RejectReason Reason, string Body, int ServiceTimeUs)
{
    public static IEnumerable<Answer> Of(ResponseBatch batch)
    {
        for (var i = 0; i < batch.Responses.Length; i++)
        {
            var response = batch.Responses.Span[i];
            var body = Encoding.UTF8.GetString(batch.BodyOf(response));
            yield return new Answer(response.Ticket, response.Status, response.Reason, body, response.ServiceTimeUs);
        }
    }
}
