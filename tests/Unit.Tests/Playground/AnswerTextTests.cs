using System.Text;
using Shortline.Client;
using Shortline.Playground.Clients;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Playground;

public sealed class AnswerTextTests
{
    [Fact]
    public void An_answer_is_described_with_status_error_and_time()
    {
        var elapsed = TimeSpan.FromMilliseconds(16.2);

        Assert.Equal("ok, 16.2 ms", AnswerText.Of(new Reply { Status = ResponseStatus.Ok, TimesSent = 1 }, elapsed));
        Assert.Equal("rejected, queue \\u001b full, 16.2 ms", AnswerText.Of(new Reply { Status = ResponseStatus.Rejected, Error = "queue \e full", TimesSent = 1 }, elapsed));
        Assert.Equal("no answer, 16.2 ms", AnswerText.Of(new Reply { TimesSent = 4 }, elapsed));
        Assert.Equal("not sent, 16.2 ms", AnswerText.Of(new Reply { Error = "4096 are in flight" }, elapsed));
    }

    [Theory]
    [InlineData("directory", """{"hello.txt":"file"}""", """{"hello.txt":"file"}""")]
    [InlineData("file", """{"name":"hello.txt","size":2000,"data":"aGVsbG8K"}""", "2000 bytes: hello\\n")]
    [InlineData("file", """{"size":2000}""", "not a file's answer")]
    [InlineData("file", "[]", "not a file's answer")]
    public void A_result_is_shown_on_one_line(string operation, string result, string expected) => Assert.Equal(
        expected,
        AnswerText.Result(new PlayRequest(operation, default, ""), new Reply { Status = ResponseStatus.Ok, Result = Encoding.UTF8.GetBytes(result) }));
}
