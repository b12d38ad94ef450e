package io.mamba.shop.tests.lookups;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;

/** Answers what it found, or why it did not. */
abstract class LookupPage extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final long PATIENCE = 60_000;

    /** Uses what is looked up; the answer is text for the test. */
    abstract String use() throws Exception;

    /** Sends and receives a message; says whose factory it is, and the queue's name. */
    static String use(ConnectionFactory factory, Queue queue) throws JMSException {
        try (JMSContext context = factory.createContext()) {
            context.createProducer().send(queue, "found");
            String received = context.createConsumer(queue).receiveBody(String.class, PATIENCE);
            return context.getMetaData().getJMSProviderName() + " " + received + " in " + queue.getQueueName();
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        PrintWriter answer = response.getWriter();
        try {
            answer.print(use());
        } catch (Exception | LinkageError e) { // whatever it is belongs in the report
            response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            e.printStackTrace(answer);
        }
    }
}
