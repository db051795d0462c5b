using System.Text;
using Shortline.Client;
using Shortline.Playground.Clients;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Playground;

public sealed class RequestTextTests
{
    [Theory]
    [InlineData("directory", "directory", "{}")]
    [InlineData("directory notes", "directory", """{"name":"notes"}""")]
    [InlineData("  file hello.txt ", "file", """{"name":"hello.txt","offset":0,"length":64}""")]
    [InlineData("file a \"b\"", "file", """{"name":"a \u0022b\u0022","offset":0,"length":64}""")]
    [InlineData("compute 0.25", "compute", """{"seconds":0.25}""")]
    [InlineData("echo one two", "echo", "\"one two\"")]
    [InlineData("echo", "echo", "\"\"")]
    public void A_request_is_read_as_it_is_typed(string typed, string operation, string payload)
    {
        var request = RequestText.Read(typed, out var fault);

        Assert.Equal("", fault);
        Assert.Equal((operation, payload, typed.Trim()), (request!.Operation, Encoding.UTF8.GetString(request.Payload.Span), request.Text));
    }

    [Theory]
    [InlineData("", "There is: directory [NAME], file NAME, compute SECONDS, echo TEXT")]
    [InlineData("dance", "There is: directory [NAME], file NAME, compute SECONDS, echo TEXT")]
    [InlineData("file", "There is: directory [NAME], file NAME, compute SECONDS, echo TEXT")]
    [InlineData("compute", "compute SECONDS: a number from 0 to 60")]
    [InlineData("compute -1", "compute SECONDS: a number from 0 to 60")]
    [InlineData("compute 61", "compute SECONDS: a number from 0 to 60")]
    [InlineData("compute NaN", "compute SECONDS: a number from 0 to 60")]
    public void What_is_no_request_is_told(string typed, string said)
    {
        Assert.Null(RequestText.Read(typed, out var fault));
        Assert.Equal(said, fault);
    }

    [Fact]
    public void A_line_without_an_end_is_no_request() => Assert.Null(RequestText.Read("echo " + new string('x', 2000), out _));

    [Fact]
    public void Answers_are_told_in_words()
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
    public void What_came_back_is_shown_on_one_line(string operation, string result, string said) => Assert.Equal(
        said,
        AnswerText.Result(new PlayRequest(operation, default, ""), new Reply { Status = ResponseStatus.Ok, Result = Encoding.UTF8.GetBytes(result) }));
}
