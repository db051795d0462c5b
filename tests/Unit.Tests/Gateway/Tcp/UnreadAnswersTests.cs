using System.Text;
using Shortline.Gateway.Tcp;

namespace Shortline.Unit.Tests.Gateway.Tcp;

public class UnreadAnswersTests
{
    [Fact]
    public void An_answer_is_one_line_whatever_its_result_contains()
    {
        var answers = new UnreadAnswers();
        answers.Add("{\"id\":1,\"result\":{\n  \"a\": \"\\n\",\r\n  \"b\": 2\r}}"u8);
        answers.Add("{\"id\":2}"u8);
        var taken = new byte[16];

        var count = answers.Take(ref taken);

        Assert.Equal("{\"id\":1,\"result\":{   \"a\": \"\\n\",    \"b\": 2 }}\n{\"id\":2}\n", Encoding.UTF8.GetString(taken.AsSpan(0, count)));
    }
}
